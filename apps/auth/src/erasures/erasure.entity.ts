import { EntitySchema } from 'typeorm';
import type { Erasure } from './erasure.js';

export const ErasureEntity = new EntitySchema<Erasure>({
  name: 'Erasure',
  tableName: 'erasures',
  columns: {
    accountId: { type: 'uuid', primary: true, name: 'account_id' },
    erasedAt: { type: 'timestamptz', name: 'erased_at' },
    announcedAt: { type: 'timestamptz', name: 'announced_at' },
    waitingFor: { type: 'text', array: true, name: 'waiting_for' },
  },
});
