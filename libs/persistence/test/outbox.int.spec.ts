import { DataSource, type QueryRunner } from 'typeorm';
import { generationAccepted } from '#contracts';
import { EventServer, Publisher } from '#messaging';
import { currentRequest } from '#telemetry';
import { eventually, type FreshBroker, freshBroker, type FreshDatabase, freshDatabase } from '#testing';
import {
  addOutboxEnvelope,
  addOutboxTrace,
  announce,
  createMessagingTables,
  databaseOptions,
  migrate,
  once,
  OutboxRelay,
} from '../src/index.js';

const fact = { task_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab', attempt: 1 };

class CreateMessagingTables1700000000000 {
  up = async (runner: QueryRunner): Promise<void> => {
    await createMessagingTables(runner);
    await addOutboxEnvelope(runner);
    await addOutboxTrace(runner);
  };
  down = async (): Promise<void> => {};
}

describe('the outbox', () => {
  let fresh: FreshDatabase;
  let broker: FreshBroker;
  let database: DataSource;
  let listener: EventServer;
  const heard: string[] = [];
  const deadlines: (number | undefined)[] = [];

  const connect = (): Promise<DataSource> =>
    new DataSource(
      databaseOptions({
        url: fresh.urlOf('task'),
        schema: 'task',
        entities: [],
        migrations: [CreateMessagingTables1700000000000],
      }),
    ).initialize();
  const waiting = async (): Promise<number> => {
    const rows = await database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM outbox');
    return rows[0]!.n;
  };

  beforeAll(async () => {
    [fresh, broker] = await Promise.all([freshDatabase(), freshBroker()]);
    database = await connect();
    await migrate(database);
    listener = new EventServer({ url: broker.url, service: 'listener' });
    listener.addHandler(generationAccepted.key, (async (_: unknown, { id }: { id: string }) => {
      heard.push(id);
      deadlines.push(currentRequest()?.deadline);
    }) as never);
    await new Promise<void>((resolve) => listener.listen(() => resolve()));
  });

  afterAll(async () => {
    await listener.close();
    await database.destroy();
    await fresh.drop();
    await broker.drop();
  });

  beforeEach(() => {
    heard.length = 0;
  });

  it('keeps what was committed and nothing that was rolled back', async () => {
    await database.transaction((tx) => announce(tx, generationAccepted, fact));
    const undone = database.transaction(async (tx) => {
      await announce(tx, generationAccepted, fact);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await waiting()).toBe(1);
  });

  it('is carried to the broker after each commit, by two relays, each fact once', async () => {
    const relays = [1, 2].map(() => new OutboxRelay(database, { url: broker.url, service: 'task' }));
    await Promise.all(relays.map((relay) => relay.onModuleInit()));
    for (let count = 0; count < 50; count++) await database.transaction((tx) => announce(tx, generationAccepted, fact));
    await eventually(() => expect(heard).toHaveLength(51));
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(new Set(heard).size).toBe(51);
    await Promise.all(relays.map((relay) => relay.close()));
  });

  it('is empty when the relay has left, though it was busy when it was told to', async () => {
    for (let round = 0; round < 10; round++) {
      const relay = new OutboxRelay(database, { url: broker.url, service: 'task' });
      await relay.onModuleInit();
      await database.transaction((tx) => announce(tx, generationAccepted, fact)); // wakes it
      await database.transaction((tx) => announce(tx, generationAccepted, fact));
      await relay.close();
      expect(await waiting()).toBe(0);
    }
    await eventually(() => expect(heard).toHaveLength(20));
  });

  it('keeps its facts while the broker is away', async () => {
    const relay = new OutboxRelay(database, { url: broker.url, service: 'task' });
    await relay.onModuleInit();
    await broker.dropConnections();
    await database.transaction((tx) => announce(tx, generationAccepted, fact));
    await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(1), 15_000);
    await eventually(async () => expect(await waiting()).toBe(0));
    await relay.close();
  });

  it('drops what nobody has a use for any more, and says of the rest how long they have', async () => {
    const inAMinute = new Date(Date.now() + 60_000);
    await database.transaction((tx) => announce(tx, generationAccepted, fact, { until: new Date(Date.now() - 1) }));
    await database.transaction((tx) => announce(tx, generationAccepted, fact, { until: inAMinute }));
    const published = jest.spyOn(Publisher.prototype, 'publish');
    const relay = new OutboxRelay(database, { url: broker.url, service: 'task' });
    await relay.onModuleInit();
    await eventually(() => expect(heard).toHaveLength(1));
    await eventually(async () => expect(await waiting()).toBe(0));
    await relay.close();
    expect([heard.length, published.mock.calls.length]).toEqual([1, 1]);
    published.mockRestore();
    expect(Math.abs(deadlines.at(-1)! - inAMinute.getTime())).toBeLessThan(2000);
  });

  it('has an inbox that lets an effect happen once, also in a race', async () => {
    let effects = 0;
    const deliver = (): Promise<boolean> => once(database, 'message-1', async () => void effects++);
    const results = await Promise.all([deliver(), deliver(), deliver()]);
    expect([effects, results.filter(Boolean).length]).toEqual([1, 1]);
    await expect(once(database, 'message-2', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await once(database, 'message-2', async () => {})).toBe(true);
  });

  it('is made once when several replicas migrate at the same time', async () => {
    const other = await freshDatabase();
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () =>
        new DataSource(
          databaseOptions({
            url: other.urlOf('auth'),
            schema: 'auth',
            poolSize: 3,
            entities: [],
            migrations: [CreateMessagingTables1700000000000],
          }),
        ).initialize(),
      ),
    );
    await Promise.all(replicas.map((replica) => migrate(replica)));
    const rows = await replicas[0]!.query<{ n: number }[]>('SELECT count(*)::int AS n FROM migrations');
    expect(rows[0]!.n).toBe(1);
    await Promise.all(replicas.map((replica) => replica.destroy()));
    await other.drop();
  });
});
