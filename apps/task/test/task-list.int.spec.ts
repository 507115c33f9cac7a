import { DataSource, type Logger } from 'typeorm';
import { taskDispatched } from '#contracts';
import type { FreshDatabase } from '#testing';
import { TaskConfig } from '../src/task.config.js';
import { taskDatabase } from '../src/task.database.js';
import { TasksRepository } from '../src/tasks/tasks.repository.js';
import { AnAccount } from './an-account.js';
import { TaskServers } from './task-service.js';

/** Remembers what TypeORM asks. */
class Asked implements Logger {
  readonly queries: { sql: string; values: unknown[] }[] = [];
  logQuery(sql: string, values: unknown[] = []): void {
    this.queries.push({ sql, values });
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

async function open(fresh: FreshDatabase, logger: Logger): Promise<DataSource> {
  const config = Object.assign(new TaskConfig(), { DATABASE_URL: fresh.urlOf('task'), DATABASE_POOL_SIZE: 2 });
  const patient = { options: '-c statement_timeout=60000' }; // ten thousand rows take their time
  const options = { ...taskDatabase(config), extra: patient, logging: ['query'], logger };
  return new DataSource(options as ReturnType<typeof taskDatabase>).initialize();
}

describe('the list of tasks', () => {
  let servers: TaskServers;
  let account: AnAccount;
  let looking: DataSource;
  const asked = new Asked();

  beforeAll(async () => {
    servers = await TaskServers.start(2, [taskDispatched]);
    looking = await open(servers.database, asked);
    await servers.offer(0);
  });
  beforeEach(() => {
    account = new AnAccount(servers);
  });
  afterAll(async () => {
    await looking.destroy();
    await servers.stop();
  });

  /** Tasks that have ended: of these an account may have any number. */
  const canceled = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let made = 0; made < count; made++) {
      const { task_id } = await account.create();
      await account.cancel(task_id);
      ids.push(task_id);
    }
    return ids;
  };
  const idsOf = ({ items }: { items: { task_id: string }[] }): string[] => items.map(({ task_id }) => task_id);

  it('gives each task once, newest first, also while new ones arrive and old ones go', async () => {
    const ids = await canceled(7);
    const newestFirst = ids.toReversed();
    const pages = [await account.list({ limit: 3 })];
    await canceled(2);
    pages.push(await account.list({ limit: 3, cursor: pages[0]!.next_cursor }));
    await account.remove(newestFirst[1]!);
    pages.push(await account.list({ limit: 3, cursor: pages[1]!.next_cursor }));
    expect(pages.flatMap(idsOf)).toEqual(newestFirst);
    expect(pages.map(({ next_cursor }) => next_cursor !== null)).toEqual([true, true, false]);
  });

  it('has the tasks of one status when asked, each as it is found alone', async () => {
    const [ended, waiting] = [await canceled(3), await Promise.all([1, 2].map(() => account.create()))];
    const queued = await account.list({ status: 'queued' });
    expect(new Set(idsOf(queued))).toEqual(new Set(idsOf({ items: waiting })));
    expect(queued.items).toEqual(await Promise.all(queued.items.map(({ task_id }) => account.find(task_id))));
    const first = await account.list({ status: 'canceled', limit: 2 });
    const second = await account.list({ status: 'canceled', limit: 2, cursor: first.next_cursor });
    expect([first, second].flatMap(idsOf)).toEqual(ended.toReversed());
    expect(idsOf(await account.list({ status: 'failed' }))).toEqual([]);
  });

  it('ends exactly where a page ends, and shows nobody what is not theirs', async () => {
    const ids = await canceled(2);
    expect(await account.list({ limit: 2 })).toMatchObject({ next_cursor: null, items: [{}, { task_id: ids[0] }] });
    expect(await new AnAccount(servers).list()).toEqual({ items: [], next_cursor: null });
  });

  it('refuses a cursor that it never gave', async () => {
    await expect(account.list({ cursor: 'bm9uZQ' })).rejects.toMatchObject({ code: 'invalid_parameters' });
  });

  it('is read from an index, however many tasks there are', async () => {
    const { task_id } = await account.create();
    await looking.query(
      `INSERT INTO tasks SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'owner_id',
         md5((n % 20)::text)::uuid, 'status', CASE WHEN n % 49 = 0 THEN 'failed' ELSE 'succeeded' END, 'completed_at', now()))).*
       FROM tasks AS one, generate_series(1, 10000) AS n WHERE id = $1`,
      [task_id],
    );
    await looking.query('ANALYZE tasks');
    const [{ owner }] = await looking.query<[{ owner: string }]>(`SELECT md5('7')::uuid AS owner`);
    for (const status of [undefined, 'failed'] as const) {
      await new TasksRepository(looking).list(owner, { status, before: 'f'.repeat(32), limit: 21 });
      const { sql, values } = asked.queries.at(-1)!;
      const plan = await looking.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`, values);
      const steps = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(steps).toMatch(status ? /tasks_owner_status\b/ : /tasks_owner\b/);
      expect(steps).not.toContain('Seq Scan');
    }
  });
});
