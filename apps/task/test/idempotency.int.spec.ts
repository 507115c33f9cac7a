import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { type CreatedTask, taskDispatched } from '#contracts';
import { eventually } from '#testing';
import { AnAccount, fingerprintOf } from './an-account.js';
import { aRequest } from './a-task.js';
import { TaskServers } from './task-service.js';

const bytes = (value: unknown): string => JSON.stringify(value);

describe('a request under a key', () => {
  let servers: TaskServers;
  let looking: DataSource;
  let account: AnAccount;

  beforeAll(async () => {
    servers = await TaskServers.start(2, [taskDispatched]);
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

  const idsOf = async ({ id }: AnAccount): Promise<string[]> =>
    (await looking.query<{ id: string }[]>('SELECT id FROM tasks WHERE owner_id = $1', [id])).map((row) => row.id);

  it('makes one task and fifty equal answers, sent fifty times at once to two replicas', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => account.ask({}, 'once')));
    expect(new Set(answers.map(({ task }) => bytes(task))).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await idsOf(account)).toEqual([answers[0]?.task.task_id]);
  });

  it('is answered as it was first, whatever has happened to the task since, and after it was removed', async () => {
    const first = await account.ask({}, 'k');
    expect(first).toMatchObject({ replayed: false, task: { status: 'queued', queue_position: expect.any(Number) } });
    await account.cancel(first.task.task_id);
    expect(bytes(await account.ask({}, 'k'))).toBe(bytes({ replayed: true, task: first.task }));
    await account.remove(first.task.task_id);
    expect(bytes(await account.ask({}, 'k'))).toBe(bytes({ replayed: true, task: first.task }));
    expect(await idsOf(account)).toEqual([]);
  });

  it('is answered before anything else is looked at', async () => {
    const { task } = await account.ask({}, 'k');
    expect(await account.ask({ model: 'gone-since' }, 'k')).toEqual({ replayed: true, task });
  });

  it('is refused when the key was used for another request, also in a race', async () => {
    const { task } = await account.ask({}, 'k', fingerprintOf('a mug'));
    const reused = { code: 'idempotency_key_reused' };
    await expect(account.ask({}, 'k', fingerprintOf('a fox'))).rejects.toMatchObject(reused);
    const words = Array.from({ length: 10 }, (_, index) => fingerprintOf(`a mug ${index % 2}`));
    const raced = await Promise.allSettled(words.map((word) => account.ask({}, 'raced', word)));
    const answers = raced.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
    const refusals = raced.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
    expect(new Set(answers.map((answer) => answer.task.task_id)).size).toBe(1);
    expect(refusals).toEqual(Array.from({ length: 5 }, () => expect.objectContaining(reused)));
    expect(new Set(await idsOf(account))).toEqual(new Set([task.task_id, answers[0]?.task.task_id]));
  });

  it("is an account's own", async () => {
    const { task } = await account.ask({}, 'k');
    const other = new AnAccount(servers);
    const theirs = await other.ask({}, 'k', fingerprintOf('another'));
    expect(theirs.replayed).toBe(false);
    expect(theirs.task.task_id).not.toBe(task.task_id);
  });

  it('leaves nothing behind when it is refused: sent again it may succeed', async () => {
    const waiting = await Promise.all(Array.from({ length: 5 }, () => account.create()));
    await expect(account.ask({}, 'k')).rejects.toMatchObject({ code: 'too_many_queued_tasks' });
    await expect(account.ask({ model: 'none' }, 'm')).rejects.toMatchObject({ code: 'model_not_found' });
    await account.cancel(waiting[0]!.task_id);
    expect(await account.ask({}, 'k', fingerprintOf('corrected'))).toMatchObject({ replayed: false });
    expect(await looking.query('SELECT key FROM idempotency_keys WHERE owner_id = $1', [account.id])).toEqual([
      { key: 'k' },
    ]);
  });

  it('is no repetition for the client when the gateway repeats its own call, with a key or without', async () => {
    for (const about of [{}, { idempotency: { key: 'k', fingerprint: fingerprintOf('x') } }]) {
      const call = aRequest({ owner_id: account.id, ...about });
      const [first, again] = [await account.ask(call), await account.ask(call)];
      expect(again).toEqual(first);
      expect(again.replayed).toBe(false);
    }
  });

  describe('whose first replica dies', () => {
    const answeredWithin = (asked: Promise<unknown>, ms: number): Promise<boolean> =>
      Promise.race([asked.then(() => true), delay(ms, false)]);

    it('before it has committed, is waited for, and then made', async () => {
      const dying = looking.createQueryRunner();
      await dying.startTransaction();
      await dying.query('INSERT INTO idempotency_keys (owner_id, key, fingerprint, task_id) VALUES ($1, $2, $3, $4)', [
        account.id,
        'k',
        fingerprintOf('the same'),
        randomUUID(),
      ]);
      const asked = Promise.all([1, 2, 3].map(() => account.ask({}, 'k')));
      expect(await answeredWithin(asked, 300)).toBe(false);
      await dying.rollbackTransaction();
      await dying.release();
      const answers: CreatedTask[] = await asked;
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(await idsOf(account)).toEqual([answers[0]?.task.task_id]);
    });

    it('after it has committed, is answered by another', async () => {
      const { task } = await account.ask({}, 'k');
      await servers.stopReplicas();
      await servers.startReplica();
      await eventually(async () => expect(await account.ask({}, 'k')).toEqual({ replayed: true, task }));
      expect(await idsOf(account)).toEqual([task.task_id]);
    });
  });
});
