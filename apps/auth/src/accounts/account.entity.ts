import { EntitySchema } from 'typeorm';
import type { Account } from './account.js';

export const AccountEntity = new EntitySchema<Account>({
  name: 'Account',
  tableName: 'accounts',
  columns: {
    id: { type: 'uuid', primary: true },
    email: { type: 'text' },
    passwordHash: { type: 'text', name: 'password_hash' },
    passwordVersion: { type: 'int', name: 'password_version', default: 1 },
    displayName: { type: 'text', name: 'display_name', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
