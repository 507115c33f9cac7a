import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrate } from '#persistence';
import { authDatabase } from '../../../apps/auth/src/auth.database.js';
import { mlBridgeDatabase } from '../../../apps/ml-bridge/src/ml-bridge.database.js';
import { storageDatabase } from '../../../apps/storage/src/storage.database.js';
import { taskDatabase } from '../../../apps/task/src/task.database.js';
import type { DatabaseService } from '../../provision/database.js';

const databases: Record<DatabaseService, (settings: never) => DataSourceOptions> = {
  auth: authDatabase,
  task: taskDatabase,
  storage: storageDatabase,
  'ml-bridge': mlBridgeDatabase,
};

/** The names of the migrations that this release has of a service's schema, the oldest first. */
export const allMigrations = (service: DatabaseService): string[] =>
  migrationsIn(optionsOf(service, 'postgres://nowhere/'))
    .map(({ name }) => name)
    .toSorted((a, b) => Number(a.slice(-13)) - Number(b.slice(-13)));

/** Throws when this release does not have all of those migrations of a service's schema. */
export function requireMigrations(service: DatabaseService, names: string[]): void {
  const all = allMigrations(service);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length === 0) return;
  throw new Error(`The backup is of another release: this one does not know ${unknown.join(', ')}, of ${service}.`);
}

/** Runs those migrations of a service's schema and no others. */
export async function migrateTo(service: DatabaseService, url: string, names: string[]): Promise<void> {
  const options = optionsOf(service, url);
  const migrations = migrationsIn(options).filter(({ name }) => names.includes(name));
  const database = await new DataSource({ ...options, migrations }).initialize();
  try {
    await migrate(database);
  } finally {
    await database.destroy();
  }
}

const optionsOf = (service: DatabaseService, url: string): DataSourceOptions =>
  databases[service]({ DATABASE_URL: url, DATABASE_POOL_SIZE: 2 } as never);

const migrationsIn = ({ migrations }: DataSourceOptions): (new () => object)[] => migrations as (new () => object)[];
