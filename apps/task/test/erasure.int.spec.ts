import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import {
  accountDataErased,
  accountErased,
  type Attempt,
  createTask,
  findTask,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  type Problem,
  taskCancelRequested,
  taskDispatched,
  type TaskView,
} from '#contracts';
import type { RpcClient } from '#messaging';
import { eventually, mentionsOf, StandIn } from '#testing';
import { anArtifact, aRequest } from './a-task.js';
import { TaskServers } from './task-service.js';

describe('erasing the tasks of an account', () => {
  let servers: TaskServers;
  let rpc: RpcClient;
  let bridge: StandIn;
  let auth: StandIn;
  let looking: DataSource;

  beforeAll(async () => {
    servers = await TaskServers.start(2, [taskDispatched, taskCancelRequested]);
    ({ rpc, bridge } = servers);
    const patient = { options: '-c statement_timeout=60000' }; // ten thousand rows take their time
    looking = await new DataSource({
      type: 'postgres',
      url: servers.database.urlOf('task'),
      extra: patient,
    }).initialize();
    auth = await new StandIn(servers.broker.url, 'auth').hear(accountDataErased).start();
    await servers.offer(1);
  });
  afterAll(async () => {
    await Promise.all([auth.stop(), looking.destroy()]);
    await servers.stop();
  });

  const create = (owner_id: string): Promise<TaskView> =>
    rpc.call(createTask, aRequest({ owner_id })).then(({ task }) => task);
  const erase = (account_id: string, messageId?: string) => auth.announce(accountErased, { account_id }, messageId);
  const confirmations = (owner: string) =>
    auth.heardOf(accountDataErased).filter(({ account_id }) => account_id === owner);
  const confirmed = (owner: string, limitMs?: number) =>
    eventually(() => expect(confirmations(owner)).toContainEqual({ account_id: owner, service: 'task' }), limitMs);
  const left = (owner: string) => mentionsOf(looking, owner);
  const isErased = async (owner: string) =>
    (await looking.query<unknown[]>('SELECT 1 FROM erased_accounts WHERE account_id = $1', [owner])).length === 1;
  const multiply = ({ task_id }: TaskView, times: number) =>
    looking.query(
      `INSERT INTO tasks SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).*
       FROM tasks AS one, generate_series(1, $2) WHERE id = $1`,
      [task_id, times],
    );

  /** A task that a worker has accepted: the only one there is room for. */
  const running = async (owner: string): Promise<Attempt> => {
    const { task_id } = await create(owner);
    const attempt = await eventually(() => {
      const found = bridge.heardOf(taskDispatched).find((it) => it.task_id === task_id);
      if (!found) throw new Error('not handed out yet');
      return { task_id, attempt: found.attempt };
    });
    await bridge.announce(generationAccepted, attempt);
    await eventually(async () =>
      expect((await rpc.call(findTask, { task_id, owner_id: owner })).status).toBe('running'),
    );
    return attempt;
  };

  it('ends and removes them all, tells who runs one to stop, and touches nobody else', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    const attempt = await running(owner);
    await create(owner);
    const foreign = await create(other);
    await rpc.call(createTask, aRequest({ owner_id: owner, idempotency: { key: 'k', fingerprint: 'f'.repeat(64) } }));
    await rpc.call(createTask, aRequest({ owner_id: other, idempotency: { key: 'k', fingerprint: 'f'.repeat(64) } }));
    expect(await left(owner)).toMatchObject({ tasks: 3, idempotency_keys: 1 });
    await erase(owner);
    await confirmed(owner);
    await eventually(async () => expect(await left(owner)).toEqual({}));
    await eventually(() => expect(bridge.heardOf(taskCancelRequested)).toContainEqual({ ...attempt, reason: 'user' }));
    await expect(rpc.call(findTask, { task_id: attempt.task_id, owner_id: owner })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await rpc.call(findTask, { task_id: foreign.task_id, owner_id: other })).task_id).toBe(foreign.task_id);
    expect(await left(other)).toMatchObject({ tasks: 2, idempotency_keys: 1 });
    await erase(other);
    await confirmed(other);
  });

  it('lets late words of a worker change nothing and parks none of them', async () => {
    const owner = randomUUID();
    const attempt = await running(owner);
    await erase(owner);
    await confirmed(owner);
    const error = { code: 'internal', message: 'too late', retryable: true, stage: null };
    const artifact = anArtifact();
    const messages = Array.from({ length: 5 }, () => randomUUID());
    await bridge.announce(generationAccepted, attempt, messages[0]);
    await bridge.announce(generationProgressed, { ...attempt, percent: 5, stage: 'x' }, messages[1]);
    const success = { ...attempt, artifacts: [artifact], quality_report: null };
    await bridge.announce(generationSucceeded, success, messages[2]);
    await bridge.announce(generationFailed, { ...attempt, error }, messages[3]);
    await bridge.announce(generationCanceled, attempt, messages[4]);
    await eventually(async () => {
      const sql = 'SELECT message_id FROM inbox WHERE message_id = ANY($1)';
      expect(await looking.query(sql, [messages])).toHaveLength(5);
    });
    expect(await servers.broker.depthOf('task.events.dead')).toBe(0);
    expect(await looking.query('SELECT id FROM tasks WHERE id = $1', [attempt.task_id])).toEqual([]);
  });

  it('lets nothing be made afterwards, and confirms each time it is said, twice or late', async () => {
    const owner = randomUUID();
    const message = randomUUID();
    await Promise.all([erase(owner, message), erase(owner, message)]);
    await confirmed(owner);
    await expect(create(owner)).rejects.toMatchObject({ code: 'not_found' });
    const said = confirmations(owner).length;
    await erase(owner);
    await eventually(() => expect(confirmations(owner).length).toBeGreaterThan(said));
    expect(await left(owner)).toEqual({});
  });

  it('misses nothing that is made at the same moment', async () => {
    const owners = Array.from({ length: 25 }, () => randomUUID());
    const outcomes = await Promise.all(
      owners.map(async (owner) => {
        const [first, , second] = await Promise.allSettled([create(owner), erase(owner), create(owner)]);
        return [first, second];
      }),
    );
    const refusals = outcomes.flat().flatMap((it) => (it?.status === 'rejected' ? [it.reason as Problem] : []));
    expect(refusals.filter(({ code }) => code !== 'not_found')).toEqual([]);
    for (const owner of owners) {
      await confirmed(owner);
      await eventually(async () => expect(await left(owner)).toEqual({}));
      await expect(create(owner)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('removes ten thousand while others are served as ever', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    await multiply(await create(owner), 10_000);
    await erase(owner);
    await eventually(async () => expect(await isErased(owner)).toBe(true));
    let slowestMs = 0;
    while (confirmations(owner).length === 0) {
      const begun = performance.now();
      const task = await create(other);
      await rpc.call(findTask, { task_id: task.task_id, owner_id: other });
      await looking.query('DELETE FROM tasks WHERE owner_id = $1', [other]);
      slowestMs = Math.max(slowestMs, performance.now() - begun);
    }
    expect(await left(owner)).toEqual({});
    expect(slowestMs).toBeLessThan(2000);
  });

  it('waits for a task that somebody works on, and goes on after a restart in the middle', async () => {
    const owner = randomUUID();
    const task = await create(owner);
    await multiply(task, 1200);
    await looking.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [task.task_id]);
      await erase(owner);
      await eventually(async () => expect(await left(owner)).toMatchObject({ tasks: 1 }));
      await servers.stopReplicas();
    });
    expect(confirmations(owner)).toEqual([]);
    expect(await left(owner)).toMatchObject({ tasks: 1 });
    await servers.startReplica();
    await confirmed(owner, 15_000);
    await eventually(async () => expect(await left(owner)).toEqual({}));
  });
});
