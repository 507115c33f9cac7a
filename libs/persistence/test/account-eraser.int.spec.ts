import { randomUUID } from 'node:crypto';
import { DataSource, type QueryRunner } from 'typeorm';
import { eventually, type FreshDatabase, freshDatabase, mentionsOf } from '#testing';
import {
  AccountEraser,
  createErasedAccountsTable,
  addOutboxEnvelope,
  addOutboxTrace,
  createMessagingTables,
  databaseOptions,
  type EraseSome,
  type ErasureFinding,
  holdAccount,
  migrate,
  refuseErased,
} from '../src/index.js';

class CreateTables1700000000000 {
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await addOutboxEnvelope(runner);
    await addOutboxTrace(runner);
    await createErasedAccountsTable(runner);
    await runner.query('CREATE TABLE things (owner_id uuid NOT NULL)');
  }
  down = async (): Promise<void> => {};
}

describe('erasing an account', () => {
  let fresh: FreshDatabase;
  let database: DataSource;
  let erasers: AccountEraser[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase();
    const options = { url: fresh.urlOf('task'), schema: 'task', entities: [], migrations: [CreateTables1700000000000] };
    database = await new DataSource(databaseOptions(options)).initialize();
    await migrate(database);
  });
  afterEach(async () => {
    await Promise.all(erasers.map((eraser) => eraser.onModuleDestroy()));
    erasers = [];
    await database.query('TRUNCATE outbox, things, erased_accounts');
  });
  afterAll(async () => {
    await database.destroy();
    await fresh.drop();
  });

  const oneThing: EraseSome = async (accountId) => {
    const sql =
      'DELETE FROM things WHERE ctid = (SELECT ctid FROM things WHERE owner_id = $1 LIMIT 1 FOR UPDATE SKIP LOCKED)';
    const [, removed] = await database.query<[unknown[], number]>(sql, [accountId]);
    return removed > 0 ? 'removed' : 'nothing';
  };
  const eraser = (eraseSome: EraseSome = oneThing): AccountEraser => {
    const one = new AccountEraser(database, 'task', eraseSome);
    erasers.push(one);
    one.onApplicationBootstrap();
    return one;
  };
  const things = (owner: string, count: number) =>
    database.query('INSERT INTO things SELECT $1 FROM generate_series(1, $2)', [owner, count]);
  const confirmations = async (owner: string) => {
    const rows = await database.query<{ payload: unknown }[]>('SELECT key, payload FROM outbox ORDER BY id');
    return rows.filter(({ payload }) => (payload as { account_id: string }).account_id === owner);
  };
  const confirmed = (owner: string, times: number) =>
    eventually(async () => expect(await confirmations(owner)).toHaveLength(times));
  const lookNow = (owner: string) =>
    database.query('UPDATE erased_accounts SET look_at = now() WHERE account_id = $1', [owner]);

  it('removes everything, confirms it once, and again whenever it is said again', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    await things(owner, 5);
    await things(other, 2);
    const notStarted = new AccountEraser(database, 'task', oneThing);
    await Promise.all([notStarted.begin(owner), notStarted.begin(owner)]);
    const one = eraser();
    eraser();
    await eventually(async () => expect(await mentionsOf(database, owner)).toEqual({ outbox: 1 }));
    expect(await confirmations(owner)).toEqual([
      { key: 'account.data-erased', payload: { account_id: owner, service: 'task' } },
    ]);
    expect(await mentionsOf(database, other)).toEqual({ things: 2 });
    await one.begin(owner);
    await confirmed(owner, 2);
  });

  it('waits for what is being made, finds it, and lets nothing be made afterwards', async () => {
    const owner = randomUUID();
    const one = eraser();
    let beginning: Promise<void> | undefined;
    await database.transaction(async (tx) => {
      expect(await holdAccount(tx, owner)).toBe(true);
      beginning = one.begin(owner);
      await eventually(async () => {
        const waiting = await database.query<unknown[]>(
          `SELECT 1 FROM pg_locks JOIN pg_database ON oid = database AND datname = current_database()
           WHERE locktype = 'advisory' AND NOT granted AND mode = 'ExclusiveLock'`,
        );
        expect(waiting).toHaveLength(1);
      });
      await tx.query('INSERT INTO things VALUES ($1)', [owner]);
    });
    await beginning;
    await confirmed(owner, 1);
    expect(await mentionsOf(database, owner)).toEqual({ outbox: 1 });
    await expect(database.transaction((tx) => refuseErased(tx, owner))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('holds up nobody who makes something for another account', async () => {
    await database.transaction(async (tx) => {
      await holdAccount(tx, randomUUID());
      await expect(eraser().begin(randomUUID())).resolves.toBeUndefined();
    });
  });

  it('is tried again when it fails, and others need not wait', async () => {
    const [broken, sound] = [randomUUID(), randomUUID()];
    let failures = 0;
    let isDown = true;
    const one = eraser(async (accountId): Promise<ErasureFinding> => {
      if (accountId !== broken || !isDown) return 'nothing';
      failures++;
      throw new Error('the store is down');
    });
    await one.begin(broken);
    await eventually(() => expect(failures).toBeGreaterThan(0));
    await one.begin(sound);
    await confirmed(sound, 1);
    await eventually(async () => {
      const sql =
        "SELECT done_at FROM erased_accounts WHERE account_id = $1 AND look_at > erased_at + interval '3 seconds'";
      expect(await database.query(sql, [broken])).toEqual([{ done_at: null }]);
    });
    expect(failures).toBeLessThan(5); // one in five seconds
    isDown = false;
    await lookNow(broken);
    await confirmed(broken, 1);
  });

  it('is carried on by another replica when one stops in the middle', async () => {
    const owner = randomUUID();
    await things(owner, 400);
    const first = eraser();
    await first.begin(owner);
    await eventually(async () => expect((await mentionsOf(database, owner)).things).toBeLessThan(395));
    await first.onModuleDestroy();
    const { things: left } = await mentionsOf(database, owner);
    expect(left).toBeGreaterThan(0);
    eraser();
    await confirmed(owner, 1);
    expect(await mentionsOf(database, owner)).toEqual({ outbox: 1 });
  });

  it('is carried on after a replica died with it', async () => {
    const owner = randomUUID();
    await things(owner, 2);
    await database.query(
      "INSERT INTO erased_accounts (account_id, look_at) VALUES ($1, now() + interval '900 milliseconds')",
      [owner],
    );
    eraser();
    await confirmed(owner, 1);
    expect(await mentionsOf(database, owner)).toEqual({ outbox: 1 });
  });

  it('removes what comes late without a word, until the account is forgotten after eight days', async () => {
    const owner = randomUUID();
    await eraser().begin(owner);
    await confirmed(owner, 1);
    await things(owner, 1);
    await lookNow(owner);
    await eventually(async () => expect(await mentionsOf(database, owner)).toEqual({ outbox: 1 }));
    await database.query("UPDATE erased_accounts SET erased_at = now() - interval '8 days', look_at = now()");
    await eventually(async () => {
      await lookNow(owner); // a look that was under way puts the next one off by an hour
      expect(await database.query('SELECT * FROM erased_accounts')).toEqual([]);
    });
    await confirmed(owner, 1);
    await database.transaction((tx) => refuseErased(tx, owner));
  });
});
