import { DataSource } from 'typeorm';
import { eventually, type FreshDatabase, freshDatabase } from '#testing';
import { FaultProxy } from '../../../tools/faults/proxy/fault-proxy.js';
import { databaseOptions } from '../src/index.js';

const queryTimeoutMs = 2000;

describe('a connection to PostgreSQL that goes dead without a word', () => {
  let fresh: FreshDatabase;
  let proxy: FaultProxy;
  let database: DataSource;

  beforeAll(async () => {
    fresh = await freshDatabase();
    const url = new URL(fresh.urlOf('task'));
    proxy = await FaultProxy.open({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const settings = { url: url.toString(), schema: 'task', entities: [], migrations: [], poolSize: 3, queryTimeoutMs };
    database = await new DataSource(databaseOptions(settings)).initialize();
  });

  afterAll(async () => {
    await database.destroy();
    await proxy.close();
    await fresh.drop();
  });

  const ask = (): Promise<unknown> => database.query('SELECT 1');

  it('fails what was asked of it, and is never asked again', async () => {
    await Promise.all([ask(), ask(), ask()]);
    proxy.disturb({ halfOpen: true });
    const answers = await Promise.allSettled([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    proxy.heal(); // new connections work; those that were dead stay so
    await eventually(() => Promise.all([ask(), ask(), ask()]), 20_000, 20);
  });

  it('fails a transaction, and lets go of it', async () => {
    const transaction = database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      proxy.disturb({ halfOpen: true });
      await tx.query('SELECT 1');
    });
    await expect(transaction).rejects.toThrow('Query read timeout');
    proxy.heal();
    await eventually(() => Promise.all([ask(), ask(), ask()]), 20_000, 20);
  });
});
