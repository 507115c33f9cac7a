import { EntitySchema } from 'typeorm';
import type { Session } from './session.js';

export const SessionEntity = new EntitySchema<Session>({
  name: 'Session',
  tableName: 'sessions',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    refreshTokenHash: { type: 'bytea', name: 'refresh_token_hash' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    lastUsedAt: { type: 'timestamptz', name: 'last_used_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
  },
});
