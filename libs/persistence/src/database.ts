import type { DataSourceOptions, EntitySchema, MixedList } from 'typeorm';
import { AfterCommit } from './after-commit.js';
import { ImpatientClient } from './impatient-client.js';
import { OutboxEntity } from './outbox.js';

export interface DatabaseSettings {
  url: string;
  /** The service's schema; its role may enter no other. */
  schema: string;
  entities: EntitySchema[];
  migrations: MixedList<Function>;
  poolSize?: number;
  /** How long an answer may take; longer than the role's statement_timeout. */
  queryTimeoutMs?: number;
}

/** The one way a service reaches PostgreSQL. Every call has a limit: a half-open connection fails instead of hanging. */
export function databaseOptions({
  url,
  schema,
  entities,
  migrations,
  poolSize = 10,
  queryTimeoutMs = 8000,
}: DatabaseSettings) {
  return {
    type: 'postgres',
    url,
    schema,
    entities: [...entities, OutboxEntity],
    subscribers: [AfterCommit],
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    uuidExtension: 'pgcrypto', // gen_random_uuid() is built in since PostgreSQL 13
    installExtensions: false,
    applicationName: `lathe ${schema}`,
    poolSize,
    connectTimeoutMS: 5000,
    extra: { Client: ImpatientClient, query_timeout: queryTimeoutMs, keepAlive: true },
  } satisfies DataSourceOptions;
}
