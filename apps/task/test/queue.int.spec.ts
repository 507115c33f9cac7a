import { randomUUID } from 'node:crypto';
import { taskPriorities } from '#contracts';
import { eventually } from '#testing';
import { CreateQueue1795600000002 } from '../migrations/1795600000002-create-queue.js';
import { ModelsRepository } from '../src/models/models.repository.js';
import { ExecutionTimesRepository } from '../src/queue/execution-times.repository.js';
import { QueueTidier } from '../src/queue/queue-tidier.service.js';
import { TaskEntity } from '../src/tasks/task.entity.js';
import type { Task } from '../src/tasks/task.js';
import { anOffer, aTask } from './a-task.js';
import { LiveQueue } from './live-queue.js';
import { seeded } from './seeded.js';

describe('the queue of a model', () => {
  let queue: LiveQueue;

  beforeAll(async () => {
    queue = await LiveQueue.open();
  });
  afterAll(() => queue.close());
  beforeEach(() => queue.begin());

  it('says exactly in what order tasks of any accounts and priorities will go', async () => {
    const random = seeded(11);
    const owners = Array.from({ length: 5 }, () => randomUUID());
    const tasks: Task[] = [];
    for (let count = 0; count < 80; count++) {
      const ownerId = owners[Math.floor(random() ** 2 * 5)]!;
      tasks.push(await queue.add({ ownerId, priority: taskPriorities[Math.floor(random() * 3)]! }));
      if (random() < 0.2) await queue.handOut();
    }
    const waiting = await queue.database.manager
      .find(TaskEntity, { where: { model: queue.model } })
      .then((all) => all.filter((task) => !task.leaseUntil));
    const positions = await queue.service.positionsOf(queue.database.manager, waiting);
    for (const task of waiting.slice(0, 10)) expect(await queue.positionOf(task)).toBe(positions.get(task.id));
    const order = await queue.handOutAll();
    expect(order.length).toBeGreaterThan(50);
    expect(order.map((id) => positions.get(id))).toEqual(order.map((_, place) => place));
  });

  it("takes an account's most important task first, and nobody else's turn", async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const low = await queue.add({ ownerId: mine, priority: 'low' });
    const other = await queue.add({ ownerId: theirs });
    const otherToo = await queue.add({ ownerId: theirs });
    const normal = await queue.add({ ownerId: mine });
    const before = [await queue.positionOf(other), await queue.positionOf(otherToo)];
    const high = await queue.add({ ownerId: mine, priority: 'high' });
    expect([await queue.positionOf(other), await queue.positionOf(otherToo)]).toEqual(before);
    expect(await queue.handOutAll()).toEqual([high.id, other.id, otherToo.id, normal.id, low.id]);
  });

  it('passes an account over that runs as many tasks as it may, of any model, until one of them ends', async () => {
    queue.config.MAX_RUNNING_TASKS_PER_ACCOUNT = 2;
    const [busy, idle] = [randomUUID(), randomUUID()];
    const own: Task[] = [];
    for (let count = 0; count < 4; count++) own.push(await queue.add({ ownerId: busy }));
    const other = await queue.add({ ownerId: idle });
    await queue.database.query("UPDATE tasks SET lease_until = now() + interval '1 hour', model = $2 WHERE id = $1", [
      own[0]!.id,
      randomUUID(),
    ]);
    expect(await queue.handOutAll()).toEqual([own[1]!.id, other.id].toSorted((a) => (a === other.id ? -1 : 1)));
    await queue.end(own[0]!.id);
    expect(await queue.handOutAll()).toEqual([own[2]!.id]);
  });

  it('passes over what waits for its next attempt, is past its deadline, or is locked', async () => {
    const later = new Date(Date.now() + 60_000);
    await queue.add({ runAfter: later });
    await queue.add({ deadlineAt: new Date(Date.now() - 1000) });
    const locked = await queue.add();
    const next = await queue.add();
    await queue.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [locked.id]);
      expect(await queue.handOut()).toBe(next.id);
      expect(await queue.handOut()).toBeNull();
    });
    expect(await queue.handOut()).toBe(locked.id);
  });

  it('is looked at by one dispatcher at a time, and the next one waits instead of going away', async () => {
    const models = new ModelsRepository(queue.database);
    await models.put(queue.database.manager, { id: queue.model, offer: anOffer(), slots: 1, offeredAt: new Date() });
    const seen: string[] = [];
    let second: Promise<void> | undefined;
    await queue.database.transaction(async (tx) => {
      await models.lockAll(tx);
      second = queue.database.transaction(async (other) => {
        const found = await models.lockAll(other);
        seen.push(`the second sees ${found.length}`);
      });
      await eventually(async () => {
        const waiting = 'SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()';
        expect(await queue.database.query(waiting)).not.toEqual([]);
      }, 3000);
      seen.push('the first has looked');
    });
    await second;
    expect(seen).toEqual(['the first has looked', 'the second sees 1']);
  });

  it('sees a task that came while its dispatcher waited for another one', async () => {
    await queue.database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      const late = await queue.add();
      expect(await queue.service.takeNext(tx, queue.model)).toBe(late.id);
    });
  });

  it('gives tasks that waited before there were turns theirs, each account one by one', async () => {
    const ids = Array.from({ length: 4 }, (_, index) => `00000000-0000-7000-8000-00000000000${index}`);
    const [first, second] = [randomUUID(), randomUUID()];
    const owners = [first, first, first, second];
    for (const [index, id] of ids.entries()) await queue.add({ id, ownerId: owners[index]! });
    const runner = queue.database.createQueryRunner();
    const migration = new CreateQueue1795600000002();
    await migration.down(runner);
    await runner.query('UPDATE tasks SET turn = 0');
    await migration.up(runner);
    await runner.release();
    expect(await queue.handOutAll()).toEqual([ids[0], ids[3], ids[1], ids[2]]);
  });

  it('forgets shares of rounds that are over and all but the newest 200 durations of a model', async () => {
    const executions = new ExecutionTimesRepository();
    const tidier = new QueueTidier(queue.database, queue.repository, executions);
    const [ahead, behind] = [randomUUID(), randomUUID()];
    for (const ownerId of [behind, ahead, ahead]) await queue.add({ ownerId });
    await queue.handOutAll();
    const begunAt = new Date('2026-01-01T00:00:00Z');
    const finish = (ms: number) => ({ begunAt, completedAt: new Date(begunAt.getTime() + ms) });
    for (let ms = 1; ms <= 203; ms++)
      await executions.add(queue.database.manager, aTask({ model: queue.model, ...finish(ms) }));
    await tidier.tidy();
    const shares = await queue.database.query<{ owner_id: string }[]>(
      'SELECT owner_id FROM queue_shares WHERE model = $1',
      [queue.model],
    );
    expect(shares.map(({ owner_id }) => owner_id)).toEqual([ahead]);
    const left = await queue.database.query<{ ms: number }[]>(
      'SELECT execution_ms::int AS ms FROM execution_times WHERE model = $1 ORDER BY id',
      [queue.model],
    );
    expect(left.map(({ ms }) => ms)).toEqual(Array.from({ length: 200 }, (_, index) => index + 4));
    expect(await executions.listNewest(queue.database.manager, queue.model)).toHaveLength(200);
  });
});
