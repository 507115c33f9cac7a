import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import {
  cancelTask,
  createTask,
  findTask,
  generationAccepted,
  generationSucceeded,
  listTasks,
  taskDispatched,
  type TaskView,
} from '#contracts';
import type { RpcClient } from '#messaging';
import { eventually, type StandIn } from '#testing';
import { anArtifact, aRequest } from './a-task.js';
import { TaskServers } from './task-service.js';

const artifact = anArtifact();

describe('the expected times of tasks', () => {
  let servers: TaskServers;
  let rpc: RpcClient;
  let bridge: StandIn;
  let looking: DataSource;
  const owner = randomUUID();

  beforeAll(async () => {
    servers = await TaskServers.start(1, [taskDispatched]);
    ({ rpc, bridge } = servers);
    looking = await new DataSource({ type: 'postgres', url: servers.database.urlOf('task') }).initialize();
  });
  afterAll(async () => {
    await looking.destroy();
    await servers.stop();
  });

  const create = (): Promise<TaskView> => rpc.call(createTask, aRequest({ owner_id: owner })).then(({ task }) => task);
  const find = ({ task_id }: TaskView): Promise<TaskView> => rpc.call(findTask, { task_id, owner_id: owner });
  const start = async ({ task_id }: TaskView): Promise<void> => {
    await eventually(() => expect(bridge.heardOf(taskDispatched).some((it) => it.task_id === task_id)).toBe(true));
    await bridge.announce(generationAccepted, { task_id, attempt: 1 });
    await eventually(async () =>
      expect(await looking.query('SELECT 1 FROM tasks WHERE id = $1 AND begun_at IS NOT NULL', [task_id])).toHaveLength(
        1,
      ),
    );
  };
  const finish = async (task: TaskView): Promise<void> => {
    const result = { task_id: task.task_id, attempt: 1, artifacts: [artifact], quality_report: null };
    await bridge.announce(generationSucceeded, result);
    await eventually(async () => expect((await find(task)).status).toBe('succeeded'));
  };
  /** As if so many tasks had taken 10 to 20 seconds each. */
  const remember = (many: number) =>
    looking.query(
      `INSERT INTO execution_times (model, finished_at, execution_ms)
       SELECT 'reference', now(), 10000 + n * 10000 / $1 FROM generate_series(1, $1) n`,
      [many],
    );
  const secondsFromNow = (time: string | null | undefined): number => (Date.parse(time ?? '') - Date.now()) / 1000;

  it('are unknown until there is history, and then those of tasks that succeeded', async () => {
    await servers.offer(1);
    const [running, next, last] = [await create(), await create(), await create()];
    await start(running);
    expect((await find(last)).eta).toBeNull();
    await remember(19);
    await finish(running);
    const [{ times } = { times: 0 }] = await looking.query<{ times: number }[]>(
      'SELECT count(*)::int AS times FROM execution_times',
    );
    expect(times).toBe(20);
    await start(next);
    await remember(60);
    await eventually(async () => expect((await find(last)).eta).not.toBeNull());
    await eventually(async () => {
      const { eta } = await find(next);
      expect(eta?.start_p50).toBeNull();
      expect(secondsFromNow(eta?.finish_p50)).toBeGreaterThan(10);
      expect(secondsFromNow(eta?.finish_p90)).toBeLessThan(21);
    });
    await eventually(async () => {
      const { eta } = await find(last);
      expect(secondsFromNow(eta?.start_p50)).toBeGreaterThan(8);
      expect(secondsFromNow(eta?.finish_p50)).toBeGreaterThan(20);
      expect(secondsFromNow(eta?.finish_p90)).toBeLessThan(45);
    });
    const { items } = await rpc.call(listTasks, { owner_id: owner, limit: 10 });
    expect(items.map(({ status, eta }) => `${status} ${eta ? 'expected' : 'unknown'}`)).toEqual([
      'queued expected',
      'running expected',
      'succeeded unknown',
    ]);
  });

  it('are unknown while no worker is there, and of a task that is being canceled', async () => {
    const queued = await create();
    const running = (await rpc.call(listTasks, { owner_id: owner, status: 'running', limit: 1 })).items[0]!;
    const { task } = await rpc.call(cancelTask, { task_id: running.task_id, owner_id: owner });
    expect(task).toMatchObject({ status: 'canceling', eta: null });
    await servers.offer(0);
    await eventually(async () => expect((await find(queued)).eta).toBeNull());
  });

  it('cost a status query next to nothing', async () => {
    await servers.offer(1);
    const task = await create();
    await eventually(async () => expect((await find(task)).eta).not.toBeNull());
    const begun = performance.now();
    for (let count = 0; count < 100; count++) await find(task);
    const each = (performance.now() - begun) / 100;
    process.stdout.write(`a status query with its expected times: ${each.toFixed(1)} ms\n`);
    expect(each).toBeLessThan(150);
  });
});
