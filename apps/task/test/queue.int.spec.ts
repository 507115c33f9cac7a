import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { taskPriorities } from '#contracts';
import { databaseTime, migrate } from '#persistence';
import { type FreshDatabase, freshDatabase } from '#testing';
import { CreateQueue1795600000002 } from '../migrations/1795600000002-create-queue.js';
import { ExecutionTimesRepository } from '../src/queue/execution-times.repository.js';
import { QueueTidier } from '../src/queue/queue-tidier.service.js';
import { QueueRepository } from '../src/queue/queue.repository.js';
import { QueueService } from '../src/queue/queue.service.js';
import { TaskConfig } from '../src/task.config.js';
import { taskDatabase } from '../src/task.database.js';
import { TaskEntity } from '../src/tasks/task.entity.js';
import type { Task } from '../src/tasks/task.js';
import { aTask } from './a-task.js';
import { seeded } from './seeded.js';

describe('the queue of a model', () => {
  let fresh: FreshDatabase;
  let database: DataSource;
  let model: string;
  const config = new TaskConfig();
  const repository = new QueueRepository();
  const queue = new QueueService(repository, config);

  beforeAll(async () => {
    fresh = await freshDatabase();
    const settings = Object.assign(config, { DATABASE_URL: fresh.urlOf('task'), DATABASE_POOL_SIZE: 4 });
    database = await new DataSource(taskDatabase(settings)).initialize();
    await migrate(database);
  });
  afterAll(async () => {
    await database.destroy();
    await fresh.drop();
  });
  beforeEach(() => {
    model = randomUUID();
    config.MAX_RUNNING_TASKS_PER_ACCOUNT = 0;
  });

  const add = (about: Partial<Task> = {}): Promise<Task> =>
    database.transaction(async (tx) => {
      const now = await databaseTime(tx);
      const deadlineAt = new Date(now.getTime() + 3_600_000);
      const task = await queue.takeTurn(
        tx,
        aTask({ id: uuidv7(), model, createdAt: now, runAfter: now, deadlineAt, ...about }),
      );
      await tx.insert(TaskEntity, task as never);
      return task;
    });

  /** Hands the next task out as the dispatcher does. */
  const handOut = (): Promise<string | null> =>
    database.transaction(async (tx) => {
      const id = await queue.takeNext(tx, model);
      if (!id) return null;
      const task = await tx.findOneByOrFail(TaskEntity, { id });
      await queue.passTurn(tx, task);
      await tx.update(TaskEntity, { id }, { leaseUntil: new Date(Date.now() + 3_600_000), leaseToken: 'x' });
      return id;
    });
  const handOutAll = async (): Promise<string[]> => {
    const order: string[] = [];
    for (let id = await handOut(); id; id = await handOut()) order.push(id);
    return order;
  };
  const end = (id: string) =>
    database.query("UPDATE tasks SET status = 'succeeded', lease_until = NULL, completed_at = now() WHERE id = $1", [
      id,
    ]);
  const positionOf = async (task: Task): Promise<number> =>
    (await queue.positionsOf(database.manager, [task])).get(task.id)!;

  /** So many tasks of each of so many accounts, as if they had come one after the other. */
  const crowd = (like: Task, accounts: number, tasks: number) =>
    database.query(
      `INSERT INTO tasks SELECT copy.* FROM tasks one, unnest($2::uuid[]) owner, generate_series(0, $3 - 1) round,
         LATERAL jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'owner_id', owner,
           'turn', round + nextval('queue_tickets') / 16777216.0)) copy
       WHERE one.id = $1`,
      [like.id, Array.from({ length: accounts }, () => randomUUID()), tasks],
    );

  /** Ten thousand tasks wait, nine thousand of them one account's. */
  const fill = async (): Promise<Task> => {
    const greedy = await add();
    await crowd(greedy, 100, 10);
    await crowd(greedy, 1, 9000);
    await database.query('ANALYZE tasks');
    return greedy;
  };

  /** The plan of a question, for the SQL that is really asked. */
  const planOf = async (ask: (tx: EntityManager) => Promise<unknown>): Promise<string> => {
    const asked = jest.spyOn(database.manager, 'query');
    await ask(database.manager);
    const [sql, values] = asked.mock.calls[0]!;
    asked.mockRestore();
    return JSON.stringify(await database.query(`EXPLAIN (FORMAT JSON) ${sql}`, values));
  };
  const medianMs = async (work: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let count = 0; count < 60; count++) {
      const begun = performance.now();
      await work();
      times.push(performance.now() - begun);
    }
    return times.toSorted((a, b) => a - b)[30]!;
  };

  it('does not let 9,000 tasks of one account delay the first of another', async () => {
    await fill();
    const newcomer = await add();
    expect(await positionOf(newcomer)).toBe(102);
    let before = 0;
    while ((await handOut()) !== newcomer.id) before++;
    expect(before).toBe(102);
    const second = await add({ ownerId: newcomer.ownerId });
    expect(await positionOf(second)).toBeLessThanOrEqual(102);
  });

  it('is looked up in an index, in milliseconds, with 10,000 tasks that wait', async () => {
    const last = await fill();
    const [{ waiting } = { waiting: 0 }] = await database.query<{ waiting: number }[]>(
      'SELECT count(*)::int AS waiting FROM tasks WHERE model = $1',
      [model],
    );
    expect(waiting).toBe(10_001);
    const claim = await planOf((tx) => repository.lockNext(tx, model, 2));
    expect(claim).toContain('"tasks_turn"');
    expect(claim).toContain('"tasks_account_priority"');
    expect(claim).not.toMatch(/"Seq Scan"[^}]*"tasks"/);
    const position = await planOf((tx) => repository.positionsOf(tx, [last.id]));
    expect(position).toContain('"tasks_turn"');
    const page = await database.manager.find(TaskEntity, { where: { model }, take: 100 });
    const claimMs = await medianMs(handOut);
    const takeMs = await medianMs(() => database.transaction((tx) => repository.lockNext(tx, model, 2)));
    const positionMs = await medianMs(() => positionOf(last));
    const pageMs = await medianMs(() => queue.positionsOf(database.manager, page));
    const round = (ms: number) => ms.toFixed(1);
    process.stdout.write(
      `10,000 wait: next ${round(takeMs)} ms, handed out ${round(claimMs)} ms, position ${round(positionMs)} ms, a page of 100 ${round(pageMs)} ms\n`,
    );
    expect(takeMs).toBeLessThan(100);
    expect(positionMs).toBeLessThan(200);
  });

  it('says exactly in what order tasks of any accounts and priorities will go', async () => {
    const random = seeded(11);
    const owners = Array.from({ length: 5 }, () => randomUUID());
    const tasks: Task[] = [];
    for (let count = 0; count < 80; count++) {
      const ownerId = owners[Math.floor(random() ** 2 * 5)]!;
      tasks.push(await add({ ownerId, priority: taskPriorities[Math.floor(random() * 3)]! }));
      if (random() < 0.2) await handOut();
    }
    const waiting = await database.manager
      .find(TaskEntity, { where: { model } })
      .then((all) => all.filter((task) => !task.leaseUntil));
    const positions = await queue.positionsOf(database.manager, waiting);
    for (const task of waiting.slice(0, 10)) expect(await positionOf(task)).toBe(positions.get(task.id));
    const order = await handOutAll();
    expect(order.length).toBeGreaterThan(50);
    expect(order.map((id) => positions.get(id))).toEqual(order.map((_, place) => place));
  });

  it("takes an account's most important task first, and nobody else's turn", async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const low = await add({ ownerId: mine, priority: 'low' });
    const other = await add({ ownerId: theirs });
    const otherToo = await add({ ownerId: theirs });
    const normal = await add({ ownerId: mine });
    const before = [await positionOf(other), await positionOf(otherToo)];
    const high = await add({ ownerId: mine, priority: 'high' });
    expect([await positionOf(other), await positionOf(otherToo)]).toEqual(before);
    expect(await handOutAll()).toEqual([high.id, other.id, otherToo.id, normal.id, low.id]);
  });

  it('passes an account over that runs as many tasks as it may, of any model, until one of them ends', async () => {
    config.MAX_RUNNING_TASKS_PER_ACCOUNT = 2;
    const [busy, idle] = [randomUUID(), randomUUID()];
    const own: Task[] = [];
    for (let count = 0; count < 4; count++) own.push(await add({ ownerId: busy }));
    const other = await add({ ownerId: idle });
    await database.query("UPDATE tasks SET lease_until = now() + interval '1 hour', model = $2 WHERE id = $1", [
      own[0]!.id,
      randomUUID(),
    ]);
    expect(await handOutAll()).toEqual([own[1]!.id, other.id].toSorted((a) => (a === other.id ? -1 : 1)));
    await end(own[0]!.id);
    expect(await handOutAll()).toEqual([own[2]!.id]);
  });

  it('passes over what waits for its next attempt, is past its deadline, or is locked', async () => {
    const later = new Date(Date.now() + 60_000);
    await add({ runAfter: later });
    await add({ deadlineAt: new Date(Date.now() - 1000) });
    const locked = await add();
    const next = await add();
    await database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [locked.id]);
      expect(await handOut()).toBe(next.id);
      expect(await handOut()).toBeNull();
    });
    expect(await handOut()).toBe(locked.id);
  });

  it('sees a task that came while its dispatcher waited for another one', async () => {
    await database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      const late = await add();
      expect(await queue.takeNext(tx, model)).toBe(late.id);
    });
  });

  it('gives tasks that waited before there were turns theirs, each account one by one', async () => {
    const ids = Array.from({ length: 4 }, (_, index) => `00000000-0000-7000-8000-00000000000${index}`);
    const [first, second] = [randomUUID(), randomUUID()];
    const owners = [first, first, first, second];
    for (const [index, id] of ids.entries()) await add({ id, ownerId: owners[index]! });
    const runner = database.createQueryRunner();
    const migration = new CreateQueue1795600000002();
    await migration.down(runner);
    await runner.query('UPDATE tasks SET turn = 0');
    await migration.up(runner);
    await runner.release();
    expect(await handOutAll()).toEqual([ids[0], ids[3], ids[1], ids[2]]);
  });

  it('forgets shares of rounds that are over and all but the newest 200 durations of a model', async () => {
    const executions = new ExecutionTimesRepository();
    const tidier = new QueueTidier(database, repository, executions);
    const [ahead, behind] = [randomUUID(), randomUUID()];
    for (const ownerId of [behind, ahead, ahead]) await add({ ownerId });
    await handOutAll();
    const startedAt = new Date('2026-01-01T00:00:00Z');
    const finish = (ms: number) => ({ startedAt, completedAt: new Date(startedAt.getTime() + ms) });
    for (let ms = 1; ms <= 203; ms++) await executions.add(database.manager, aTask({ model, ...finish(ms) }));
    await tidier.tidy();
    const shares = await database.query<{ owner_id: string }[]>('SELECT owner_id FROM queue_shares WHERE model = $1', [
      model,
    ]);
    expect(shares.map(({ owner_id }) => owner_id)).toEqual([ahead]);
    const left = await database.query<{ ms: number }[]>(
      'SELECT execution_ms::int AS ms FROM execution_times WHERE model = $1 ORDER BY id',
      [model],
    );
    expect(left.map(({ ms }) => ms)).toEqual(Array.from({ length: 200 }, (_, index) => index + 4));
    expect(await executions.listNewest(database.manager, model)).toHaveLength(200);
  });
});
