import { EntitySchema } from 'typeorm';
import type { SigningKey } from './signing-key.js';

export const SigningKeyEntity = new EntitySchema<SigningKey>({
  name: 'SigningKey',
  tableName: 'signing_keys',
  columns: {
    kid: { type: 'text', primary: true },
    publicKey: { type: 'jsonb', name: 'public_key' },
    sealedPrivateKey: { type: 'bytea', name: 'sealed_private_key' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    signsFrom: { type: 'timestamptz', name: 'signs_from' },
  },
});
