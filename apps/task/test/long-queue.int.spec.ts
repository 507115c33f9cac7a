import type { EntityManager } from 'typeorm';
import { TaskEntity } from '../src/tasks/task.entity.js';
import type { Task } from '../src/tasks/task.js';
import { LiveQueue } from './live-queue.js';

describe('a long queue', () => {
  let queue: LiveQueue;

  beforeAll(async () => {
    queue = await LiveQueue.open();
  });
  afterAll(() => queue.close());
  beforeEach(() => queue.begin());

  /** Ten thousand tasks wait, nine thousand of them one account's. */
  const fill = async (): Promise<Task> => {
    const first = await queue.add();
    await queue.crowd(first, 100, 10);
    await queue.crowd(first, 1, 9000);
    await queue.database.query('ANALYZE tasks');
    return first;
  };

  /** The plan of a question, for the SQL that is really asked. */
  const planOf = async (ask: (tx: EntityManager) => Promise<unknown>): Promise<string> => {
    const asked = jest.spyOn(queue.database.manager, 'query');
    await ask(queue.database.manager);
    const [sql, values] = asked.mock.calls[0]!;
    asked.mockRestore();
    return JSON.stringify(await queue.database.query(`EXPLAIN (FORMAT JSON) ${sql}`, values));
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
    const newcomer = await queue.add();
    expect(await queue.positionOf(newcomer)).toBe(102);
    let before = 0;
    while ((await queue.handOut()) !== newcomer.id) before++;
    expect(before).toBe(102);
    const second = await queue.add({ ownerId: newcomer.ownerId });
    expect(await queue.positionOf(second)).toBeLessThanOrEqual(102);
  });

  it('is looked up in an index, in milliseconds, with 10,000 tasks that wait', async () => {
    const last = await fill();
    const [{ waiting } = { waiting: 0 }] = await queue.database.query<{ waiting: number }[]>(
      'SELECT count(*)::int AS waiting FROM tasks WHERE model = $1',
      [queue.model],
    );
    expect(waiting).toBe(10_001);
    const claim = await planOf((tx) => queue.repository.lockNext(tx, queue.model, 2));
    expect(claim).toContain('"tasks_turn"');
    expect(claim).toContain('"tasks_account_priority"');
    expect(claim).not.toMatch(/"Seq Scan"[^}]*"tasks"/);
    const position = await planOf((tx) => queue.repository.positionsOf(tx, [last.id]));
    expect(position).toContain('"tasks_turn"');
    const page = await queue.database.manager.find(TaskEntity, { where: { model: queue.model }, take: 100 });
    const claimMs = await medianMs(() => queue.handOut());
    const takeMs = await medianMs(() =>
      queue.database.transaction((tx) => queue.repository.lockNext(tx, queue.model, 2)),
    );
    const positionMs = await medianMs(() => queue.positionOf(last));
    const pageMs = await medianMs(() => queue.service.positionsOf(queue.database.manager, page));
    const round = (ms: number) => ms.toFixed(1);
    process.stdout.write(
      `10,000 wait: next ${round(takeMs)} ms, handed out ${round(claimMs)} ms, position ${round(positionMs)} ms, a page of 100 ${round(pageMs)} ms\n`,
    );
    expect(takeMs).toBeLessThan(100);
    expect(positionMs).toBeLessThan(200);
  });
});
