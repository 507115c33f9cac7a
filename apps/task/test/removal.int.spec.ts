import { DataSource } from 'typeorm';
import {
  type Attempt,
  generationCanceled,
  generationSucceeded,
  taskCancelRequested,
  taskDispatched,
  taskEnded,
  taskRemoved,
} from '#contracts';
import { eventually } from '#testing';
import { anArtifact } from './a-task.js';
import { AnAccount } from './an-account.js';
import { TaskServers } from './task-service.js';

const notFound = expect.objectContaining({ code: 'not_found' }) as Error;
const artifact = anArtifact();
const resultOf = (attempt: Attempt) => ({ ...attempt, artifacts: [artifact], quality_report: null });

describe('a task that its owner removes', () => {
  let servers: TaskServers;
  let looking: DataSource;
  let account: AnAccount;

  beforeAll(async () => {
    servers = await TaskServers.start(2, [taskDispatched, taskCancelRequested, taskEnded, taskRemoved]);
    looking = await new DataSource({ type: 'postgres', url: servers.database.urlOf('task') }).initialize();
    await servers.offer(100);
  });
  beforeEach(() => {
    account = new AnAccount(servers);
  });
  afterAll(async () => {
    await looking.destroy();
    await servers.stop();
  });

  const isStored = async (task_id: string): Promise<boolean> =>
    (await looking.query<unknown[]>('SELECT 1 FROM tasks WHERE id = $1', [task_id])).length > 0;
  const removals = (task_id: string) => servers.bridge.heardOf(taskRemoved).filter((it) => it.task_id === task_id);
  const endings = (task_id: string) => servers.bridge.heardOf(taskEnded).filter((it) => it.task_id === task_id);
  const isGone = (task_id: string): Promise<void> =>
    eventually(async () => {
      expect(await isStored(task_id)).toBe(false);
      expect(removals(task_id)).toEqual([{ task_id, owner_id: account.id }]);
    });
  const isHidden = async (task_id: string): Promise<void> => {
    await expect(account.find(task_id)).rejects.toEqual(notFound);
    await expect(account.events(task_id)).rejects.toEqual(notFound);
    await expect(account.cancel(task_id)).rejects.toEqual(notFound);
    await expect(account.remove(task_id)).rejects.toEqual(notFound);
    expect((await account.list()).items).toEqual([]);
  };

  it('is gone at once while it waits', async () => {
    await servers.offer(0);
    const { task_id } = await account.create();
    await account.remove(task_id);
    await isHidden(task_id);
    expect(await account.usage()).toMatchObject({ queued: 0, running: 0 });
    await isGone(task_id);
    expect(endings(task_id)).toMatchObject([{ status: 'canceled', file_ids: [] }]);
    await servers.offer(100);
    expect(servers.bridge.heardOf(taskCancelRequested).filter((it) => it.task_id === task_id)).toEqual([]);
  });

  it('is hidden at once while it runs, takes up its place until the worker has stopped, and goes then', async () => {
    const attempt = await account.running();
    await account.remove(attempt.task_id);
    await isHidden(attempt.task_id);
    expect(await account.usage()).toMatchObject({ queued: 0, running: 1 });
    await eventually(() =>
      expect(servers.bridge.heardOf(taskCancelRequested)).toContainEqual({ ...attempt, reason: 'user' }),
    );
    expect(await isStored(attempt.task_id)).toBe(true);
    expect(removals(attempt.task_id)).toEqual([]);
    await servers.bridge.announce(generationCanceled, attempt);
    await isGone(attempt.task_id);
    expect(await account.usage()).toMatchObject({ running: 0 });
  });

  it('goes also when its worker never says that it has stopped, and when it was being canceled before', async () => {
    const [silent, canceled] = [await account.running(), await account.running()];
    await account.cancel(canceled.task_id);
    await account.remove(canceled.task_id);
    await account.remove(silent.task_id);
    await isHidden(canceled.task_id);
    for (const { task_id } of [silent, canceled]) {
      await isGone(task_id);
      expect(endings(task_id)).toMatchObject([{ status: 'canceled' }]);
    }
  });

  it('goes with its files when it has ended', async () => {
    const attempt = await account.running();
    await servers.bridge.announce(generationSucceeded, resultOf(attempt));
    await account.becomes(attempt.task_id, 'succeeded');
    await account.remove(attempt.task_id);
    await isHidden(attempt.task_id);
    await isGone(attempt.task_id);
    expect(endings(attempt.task_id)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('is removed once, by one of those who ask at the same moment', async () => {
    const { task_id } = await account.create();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => account.remove(task_id)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(asked.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []))).toEqual(
      Array.from({ length: 7 }, () => notFound),
    );
    await isGone(task_id);
  });

  it("is nobody else's to remove", async () => {
    const { task_id } = await account.create();
    await expect(new AnAccount(servers).remove(task_id)).rejects.toEqual(notFound);
    expect((await account.find(task_id)).task_id).toBe(task_id);
  });

  it('ends once and goes once, whether its removal or its success is first', async () => {
    for (let round = 0; round < 20; round++) {
      const attempt = await account.running();
      const { task_id } = attempt;
      const succeed = () => servers.bridge.announce(generationSucceeded, resultOf(attempt));
      const remove = () => account.remove(task_id);
      await Promise.all(round % 2 ? [succeed(), remove()] : [remove(), succeed()]);
      await isGone(task_id);
      expect(endings(task_id)).toHaveLength(1);
    }
  });
});
