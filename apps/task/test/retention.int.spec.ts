import { DataSource } from 'typeorm';
import { taskDispatched, taskRemoved, type TaskView } from '#contracts';
import { eventually } from '#testing';
import { AnAccount } from './an-account.js';
import { TaskServers } from './task-service.js';

const dayMs = 86_400_000;

describe('what the task service keeps', () => {
  let servers: TaskServers;
  let looking: DataSource;
  let account: AnAccount;

  beforeAll(async () => {
    servers = await TaskServers.start(1, [taskDispatched, taskRemoved]);
    looking = await new DataSource({ type: 'postgres', url: servers.database.urlOf('task') }).initialize();
    await servers.offer(0);
  });
  beforeEach(() => {
    account = new AnAccount(servers);
  });
  afterAll(async () => {
    await looking.destroy();
    await servers.stop();
  });

  const canceled = async (): Promise<TaskView> => (await account.cancel((await account.create()).task_id)).task;
  /** As if it had ended so many days ago. */
  const age = ({ task_id }: TaskView, days: number): Promise<unknown> =>
    looking.query('UPDATE tasks SET completed_at = now() - make_interval(days => $2) WHERE id = $1', [task_id, days]);
  const ageKey = (key: string, hours: number): Promise<unknown> =>
    looking.query(
      'UPDATE idempotency_keys SET created_at = now() - make_interval(hours => $3) WHERE owner_id = $1 AND key = $2',
      [account.id, key, hours],
    );
  const keysOf = async (): Promise<string[]> => {
    const sql = 'SELECT key FROM idempotency_keys WHERE owner_id = $1 ORDER BY key';
    return (await looking.query<{ key: string }[]>(sql, [account.id])).map(({ key }) => key);
  };
  const multiply = ({ task_id }: TaskView, times: number): Promise<unknown> =>
    looking.query(
      `INSERT INTO tasks SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).*
       FROM tasks AS one, generate_series(1, $2) WHERE id = $1`,
      [task_id, times],
    );
  const count = async (): Promise<number> =>
    (await looking.query<[{ n: number }]>('SELECT count(*)::int AS n FROM tasks WHERE owner_id = $1', [account.id]))[0]
      .n;
  const removed = (): string[] =>
    servers.bridge.heardOf(taskRemoved).flatMap(({ owner_id, task_id }) => (owner_id === account.id ? [task_id] : []));
  const restart = async (replicas: number): Promise<void> => {
    await servers.stopReplicas();
    await Promise.all(Array.from({ length: replicas }, () => servers.startReplica()));
  };

  it('says of an ended task when it will go', async () => {
    const waiting = await account.create();
    expect(waiting.expires_at).toBeNull();
    const { task } = await account.cancel(waiting.task_id);
    expect(Date.parse(task.expires_at!) - Date.parse(task.completed_at!)).toBe(30 * dayMs);
  });

  it('removes the tasks whose time is over, announces each once from two replicas, and leaves the others', async () => {
    const [old, young, waiting] = [await canceled(), await canceled(), await account.create()];
    await age(old, 31);
    await age(young, 29);
    await looking.query(`UPDATE tasks SET created_at = now() - interval '90 days' WHERE id = $1`, [waiting.task_id]);
    await servers.stopReplicas();
    await multiply(old, 250);
    await restart(2);
    await eventually(() => expect(removed()).toHaveLength(251));
    expect(new Set(removed()).size).toBe(251);
    expect(await count()).toBe(2);
    await expect(account.find(old.task_id)).rejects.toMatchObject({ code: 'not_found' });
    expect([await account.find(young.task_id), await account.find(waiting.task_id)]).toMatchObject([
      { status: 'canceled' },
      { status: 'queued' },
    ]);
    expect(await looking.query('SELECT 1 FROM task_events WHERE task_id = $1', [old.task_id])).toEqual([]);
  });

  it('forgets the keys of requests after a day, and not before', async () => {
    await account.ask({}, 'old');
    await account.ask({}, 'young');
    await ageKey('old', 25);
    await ageKey('young', 23);
    await restart(2);
    await eventually(async () => expect(await keysOf()).toEqual(['young']));
    expect(await account.ask({}, 'young')).toMatchObject({ replayed: true });
    expect(await account.ask({}, 'old')).toMatchObject({ replayed: false });
  });

  it('keeps tasks for ever where the setting says so', async () => {
    const task = await canceled();
    await age(task, 4000);
    await account.ask({}, 'old');
    await ageKey('old', 25);
    await servers.stopReplicas();
    await servers.startReplica({ RETENTION_DAYS: 0 });
    await eventually(async () => expect(await keysOf()).toEqual([]));
    expect((await account.find(task.task_id)).expires_at).toBeNull();
    expect(removed()).toEqual([]);
  });
});
