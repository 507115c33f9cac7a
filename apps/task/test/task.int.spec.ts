import { randomUUID } from 'node:crypto';
import {
  cancelTask,
  countTasks,
  createTask,
  type CreateTask,
  findTask,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  listModels,
  Problem,
  taskCancelRequested,
  taskDispatched,
  type TaskDispatched,
  type TaskStatus,
  type TaskView,
} from '#contracts';
import type { RpcClient } from '#messaging';
import { eventually, type StandIn } from '#testing';
import { anArtifact, anOffer, aRequest } from './a-task.js';
import { TaskServers } from './task-service.js';

const artifact = anArtifact();

describe('the task service', () => {
  let servers: TaskServers;
  let rpc: RpcClient;
  let bridge: StandIn;

  const create = (about: Partial<CreateTask> = {}): Promise<TaskView> =>
    rpc.call(createTask, aRequest(about)).then(({ task }) => task);
  const find = ({ task_id }: { task_id: string }, owner_id: string): Promise<TaskView> =>
    rpc.call(findTask, { task_id, owner_id });
  const dispatchOf = (task_id: string, attempt = 1): Promise<TaskDispatched> =>
    eventually(() => {
      const found = bridge.heardOf(taskDispatched).find((it) => it.task_id === task_id && it.attempt === attempt);
      if (!found) throw new Error('not handed out yet');
      return found;
    });
  const becomes = (task: TaskView, owner: string, status: TaskStatus): Promise<TaskView> =>
    eventually(async () => {
      const now = await find(task, owner);
      expect(now.status).toBe(status);
      return now;
    });

  /** A task that a worker has accepted. */
  const running = async (): Promise<{
    task: TaskView;
    owner: string;
    attempt: { task_id: string; attempt: number };
  }> => {
    const owner = randomUUID();
    const task = await create({ owner_id: owner });
    const attempt = { task_id: task.task_id, attempt: 1 };
    await dispatchOf(task.task_id);
    await bridge.announce(generationAccepted, attempt);
    await becomes(task, owner, 'running');
    return { task, owner, attempt };
  };

  beforeAll(async () => {
    servers = await TaskServers.start(2, [taskDispatched, taskCancelRequested]);
    ({ rpc, bridge } = servers);
    await servers.offer(100);
  });

  afterAll(async () => {
    await servers.stop();
  });

  it('lists the models on offer', async () => {
    const { models } = await rpc.call(listModels, {});
    expect(models).toEqual([{ ...anOffer(), status: 'ready', queue_depth: expect.any(Number) }]);
  });

  it('makes one task of a call that is repeated and raced', async () => {
    const request = aRequest();
    const answers = await Promise.all(Array.from({ length: 8 }, () => rpc.call(createTask, request)));
    expect(new Set(answers.map(({ task: { task_id, params } }) => `${task_id} ${params.seed}`)).size).toBe(1);
    expect(await rpc.call(countTasks, { account_id: request.owner_id })).toMatchObject({ max_queued: 5 });
    await dispatchOf(request.task_id);
    expect(bridge.heardOf(taskDispatched).filter((it) => it.task_id === request.task_id)).toHaveLength(1);
    await rpc.call(cancelTask, { task_id: request.task_id, owner_id: request.owner_id });
  });

  it('takes a task from the queue to its result, once, however often the reports arrive', async () => {
    const { task, owner, attempt } = await running();
    await bridge.announce(generationProgressed, { ...attempt, percent: 60, stage: 'inflate' });
    await eventually(async () => expect(await find(task, owner)).toMatchObject({ progress: 60, stage: 'inflate' }));
    await bridge.announce(generationProgressed, { ...attempt, percent: 20, stage: 'cut_out' });
    const result = { ...attempt, artifacts: [artifact], quality_report: { triangles: 12, engine: 'reference' } };
    const id = randomUUID();
    await Promise.all([1, 2, 3].map(() => bridge.announce(generationSucceeded, result, id)));
    const done = await becomes(task, owner, 'succeeded');
    expect(done).toMatchObject({
      progress: 100,
      artifacts: [{ ...artifact, url: `/files/${artifact.file_id}` }],
      quality_report: { triangles: 12 },
      metrics: { attempts: 1 },
    });
    await bridge.announce(generationFailed, {
      ...attempt,
      error: { code: 'internal', message: 'too late', retryable: false, stage: null },
    });
    await bridge.announce(generationProgressed, { ...attempt, percent: 1, stage: 'x' });
    await expect(rpc.call(cancelTask, { task_id: task.task_id, owner_id: owner })).rejects.toMatchObject({
      code: 'task_already_finished',
    });
    expect((await find(task, owner)).status).toBe('succeeded');
  });

  it('tries a failure that may pass again, with a new attempt and a new lease token', async () => {
    const { task, owner, attempt } = await running();
    const first = await dispatchOf(task.task_id);
    await bridge.announce(generationFailed, {
      ...attempt,
      error: { code: 'internal', message: 'the disk was full', retryable: true, stage: 'upload' },
    });
    const second = await dispatchOf(task.task_id, 2);
    expect(second.lease_token).not.toBe(first.lease_token);
    await bridge.announce(generationSucceeded, { ...attempt, artifacts: [artifact], quality_report: null });
    await bridge.announce(generationSucceeded, { ...attempt, attempt: 2, artifacts: [artifact], quality_report: null });
    expect((await becomes(task, owner, 'succeeded')).metrics.attempts).toBe(2);
  });

  it('gives a task whose worker fell silent to another, and tells the silent one to stop', async () => {
    const { task, owner, attempt } = await running();
    await dispatchOf(task.task_id, 2);
    await eventually(() => expect(bridge.heardOf(taskCancelRequested)).toContainEqual({ ...attempt, reason: 'stale' }));
    expect((await find(task, owner)).status).toBe('running');
    await bridge.announce(generationFailed, {
      task_id: task.task_id,
      attempt: 2,
      error: { code: 'bad_input', message: 'nothing in the picture', retryable: false, stage: 'cut_out' },
    });
    expect((await becomes(task, owner, 'failed')).error).toMatchObject({ code: 'bad_input', stage: 'cut_out' });
  });

  it('is canceling until the worker has stopped', async () => {
    const { task, owner, attempt } = await running();
    const cancel = () => rpc.call(cancelTask, { task_id: task.task_id, owner_id: owner });
    const outcomes = await Promise.all([cancel(), cancel(), cancel()]);
    expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
    expect(outcomes[0]?.task.status).toBe('canceling');
    await eventually(() => expect(bridge.heardOf(taskCancelRequested)).toContainEqual({ ...attempt, reason: 'user' }));
    await bridge.announce(generationCanceled, attempt);
    await becomes(task, owner, 'canceled');
    expect(await cancel()).toMatchObject({ changed: false, task: { status: 'canceled' } });
  });

  it('does not wait for ever for a worker that confirms no cancel', async () => {
    const { task, owner } = await running();
    await rpc.call(cancelTask, { task_id: task.task_id, owner_id: owner });
    await becomes(task, owner, 'canceled');
  });

  it('expires a task at its deadline and calls its worker off', async () => {
    const owner = randomUUID();
    const task = await create({ owner_id: owner, deadline_seconds: 10 });
    const { attempt } = await dispatchOf(task.task_id);
    const keepAlive = setInterval(() => {
      void bridge.announce(generationProgressed, { task_id: task.task_id, attempt, percent: 1, stage: 'x' });
    }, 1000);
    await eventually(async () => expect((await find(task, owner)).status).toBe('expired'), 15_000).finally(() =>
      clearInterval(keepAlive),
    );
    await eventually(() =>
      expect(bridge.heardOf(taskCancelRequested)).toContainEqual({
        task_id: task.task_id,
        attempt,
        reason: 'deadline',
      }),
    );
  });

  it.each([
    ['an unknown model', { model: 'dreamfusion' }, 'model_not_found'],
    ['neither prompt nor picture', { prompt: undefined }, 'prompt_or_image_required'],
    ['a parameter the model does not know', { params: { num_inference_steps: 3 } }, 'parameter_not_supported'],
    ['a wrong parameter', { params: { target_polycount: 99_999 } }, 'invalid_parameters'],
    ['a prompt of 2001 characters', { prompt: 'x'.repeat(2001) }, 'invalid_parameters'],
  ])('refuses %s and leaves nothing behind', async (_, about, code) => {
    const owner_id = randomUUID();
    await expect(create({ owner_id, ...about })).rejects.toMatchObject({ code });
    expect(await rpc.call(countTasks, { account_id: owner_id })).toMatchObject({ queued: 0, running: 0 });
  });

  it("shows nobody another account's task", async () => {
    const owner_id = randomUUID();
    const { task_id } = await create({ owner_id });
    const foreign = { task_id, owner_id: randomUUID() };
    await expect(rpc.call(findTask, foreign)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rpc.call(cancelTask, foreign)).rejects.toMatchObject({ code: 'not_found' });
    await rpc.call(cancelTask, { task_id, owner_id });
  });

  describe('while no worker is there', () => {
    beforeAll(async () => {
      await servers.offer(0);
      await eventually(async () => expect((await rpc.call(listModels, {})).models[0]?.status).toBe('unavailable'));
    });

    it('queues in order, says who is next, and cancels at once', async () => {
      const owner_id = randomUUID();
      const first = await create({ owner_id });
      const second = await create({ owner_id });
      const positions = [first, second].map(({ queue_position }) => queue_position);
      expect(positions[1]! - positions[0]!).toBe(1);
      const { task, changed } = await rpc.call(cancelTask, { task_id: first.task_id, owner_id });
      expect({ status: task.status, changed }).toEqual({ status: 'canceled', changed: true });
      expect((await find(second, owner_id)).queue_position).toBe(positions[0]);
    });

    it('lets an account queue no more than its limit, also in a race', async () => {
      const owner_id = randomUUID();
      const results = await Promise.allSettled(Array.from({ length: 9 }, () => create({ owner_id })));
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Problem] : []));
      expect(refusals).toHaveLength(4);
      expect(refusals[0]).toMatchObject({ code: 'too_many_queued_tasks', details: { retryAfter: 10 } });
    });
  });
});
