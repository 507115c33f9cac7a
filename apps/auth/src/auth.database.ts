import { databaseOptions } from '#persistence';
import { CreateAccounts1795400000000 } from '../migrations/1795400000000-create-accounts.js';
import { KeepSessionFamilies1795500000001 } from '../migrations/1795500000001-keep-session-families.js';
import { CreateAllowances1795500000003 } from '../migrations/1795500000003-create-allowances.js';
import { AccountEntity } from './accounts/account.entity.js';
import { AllowanceEntity } from './allowances/allowance.entity.js';
import type { AuthConfig } from './auth.config.js';
import { ErasureEntity } from './erasures/erasure.entity.js';
import { SessionEntity } from './sessions/session.entity.js';
import { SigningKeyEntity } from './signing-keys/signing-key.entity.js';

/** The schema `auth`: accounts, sessions and the keys that sign access tokens. */
export const authDatabase = ({ DATABASE_URL, DATABASE_POOL_SIZE }: AuthConfig) =>
  databaseOptions({
    url: DATABASE_URL,
    schema: 'auth',
    entities: [AccountEntity, AllowanceEntity, ErasureEntity, SessionEntity, SigningKeyEntity],
    migrations: [CreateAccounts1795400000000, KeepSessionFamilies1795500000001, CreateAllowances1795500000003],
    poolSize: DATABASE_POOL_SIZE,
  });
