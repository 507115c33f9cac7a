import { databaseOptions } from '#persistence';
import { CreateAccounts1795400000000 } from '../migrations/1795400000000-create-accounts.js';
import { KeepSessionFamilies1795500000001 } from '../migrations/1795500000001-keep-session-families.js';
import { CreateApiKeysAndThrottles1795500000002 } from '../migrations/1795500000002-create-api-keys-and-throttles.js';
import { CreateAllowances1795500000003 } from '../migrations/1795500000003-create-allowances.js';
import { AddOutboxEnvelope1795600000007 } from '../migrations/1795600000007-add-outbox-envelope.js';
import { AddOutboxTrace1795800000001 } from '../migrations/1795800000001-add-outbox-trace.js';
import { AccountEntity } from './accounts/account.entity.js';
import { AllowanceEntity } from './allowances/allowance.entity.js';
import { ApiKeyEntity } from './api-keys/api-key.entity.js';
import { AttemptCounterEntity } from './attempts/attempt-counter.entity.js';
import { KnownNetworkEntity } from './attempts/known-network.entity.js';
import type { AuthConfig } from './auth.config.js';
import { ErasureEntity } from './erasures/erasure.entity.js';
import { SessionEntity } from './sessions/session.entity.js';
import { SigningKeyEntity } from './signing-keys/signing-key.entity.js';

/** The schema `auth`: accounts, sessions and the keys that sign access tokens. */
export const authDatabase = ({ DATABASE_URL, DATABASE_POOL_SIZE }: AuthConfig) =>
  databaseOptions({
    url: DATABASE_URL,
    schema: 'auth',
    entities: [
      AccountEntity,
      AllowanceEntity,
      ApiKeyEntity,
      AttemptCounterEntity,
      ErasureEntity,
      KnownNetworkEntity,
      SessionEntity,
      SigningKeyEntity,
    ],
    migrations: [
      CreateAccounts1795400000000,
      KeepSessionFamilies1795500000001,
      CreateApiKeysAndThrottles1795500000002,
      CreateAllowances1795500000003,
      AddOutboxEnvelope1795600000007,
      AddOutboxTrace1795800000001,
    ],
    poolSize: DATABASE_POOL_SIZE,
  });
