import { EntitySchema } from 'typeorm';
import type { Model } from './model.js';

export const ModelEntity = new EntitySchema<Model>({
  name: 'Model',
  tableName: 'models',
  columns: {
    id: { type: 'text', primary: true },
    offer: { type: 'jsonb' },
    slots: { type: 'integer' },
    offeredAt: { type: 'timestamptz', name: 'offered_at' },
    failures: { type: 'integer', default: 0 },
    restsUntil: { type: 'timestamptz', name: 'rests_until', nullable: true },
  },
});
