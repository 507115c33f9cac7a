import { DataSource, type DataSourceOptions } from 'typeorm';
import { authDatabase } from '../apps/auth/src/auth.database.js';
import { mlBridgeDatabase } from '../apps/ml-bridge/src/ml-bridge.database.js';
import { storageDatabase } from '../apps/storage/src/storage.database.js';
import { taskDatabase } from '../apps/task/src/task.database.js';
import { migrate } from '#persistence';
import { type FreshDatabase, freshDatabase } from '#testing';

type Settings = { DATABASE_URL: string; DATABASE_POOL_SIZE: number };

const databases: [Parameters<FreshDatabase['urlOf']>[0], (settings: never) => DataSourceOptions][] = [
  ['auth', authDatabase],
  ['task', taskDatabase],
  ['storage', storageDatabase],
  ['ml-bridge', mlBridgeDatabase],
];

/** Indexes and checks are written by hand in the migrations; columns are what both sides speak of. */
const aboutColumns = /\b(ADD|DROP COLUMN|ALTER COLUMN|RENAME COLUMN|CREATE TABLE|DROP TABLE)\b(?! CONSTRAINT)/;

describe('the tables that the migrations make', () => {
  let fresh: FreshDatabase;

  beforeAll(async () => {
    fresh = await freshDatabase();
  });

  afterAll(() => fresh.drop());

  it.each(databases)(
    'are those that the entities of %s describe, and can be taken back',
    async (service, optionsOf) => {
      const settings: Settings = { DATABASE_URL: fresh.urlOf(service), DATABASE_POOL_SIZE: 3 };
      const database = await new DataSource(optionsOf(settings as never)).initialize();
      try {
        await migrate(database);
        const { upQueries } = await database.driver.createSchemaBuilder().log();
        expect(upQueries.map(({ query }) => query).filter((query) => aboutColumns.test(query))).toEqual([]);
        for (const _ of database.migrations) await database.undoLastMigration();
        const left = await database.query<{ tablename: string }[]>(
          "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migrations'",
        );
        expect(left).toEqual([]);
      } finally {
        await database.destroy();
      }
    },
  );
});
