import { EntitySchema } from 'typeorm';
import type { SecretGeneration } from './webhook-secret.js';

/** No secret is stored: which one counts is all there is to know. */
export const SecretGenerationEntity = new EntitySchema<SecretGeneration>({
  name: 'SecretGeneration',
  tableName: 'webhook_secrets',
  columns: {
    accountId: { type: 'uuid', name: 'account_id', primary: true },
    generation: { type: 'integer' },
    rotatedAt: { type: 'timestamptz', name: 'rotated_at' },
  },
});
