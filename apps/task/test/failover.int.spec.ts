import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import {
  type Attempt,
  catalogueChanged,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  listModels,
  taskCancelRequested,
  taskDispatched,
  type TaskDispatched,
} from '#contracts';
import { eventually } from '#testing';
import { anArtifact } from './a-task.js';
import { AnAccount } from './an-account.js';
import { TaskServers } from './task-service.js';

const either = { model: 'first', fallback_models: ['second'], params: { target_polycount: 200 } };
const second = {
  id: 'second',
  params_schema: {
    type: 'object',
    additionalProperties: false,
    properties: { seed: { type: 'integer', maximum: 99 }, target_polycount: { type: 'integer' } },
  },
};

describe('tasks that several models can do', () => {
  let servers: TaskServers;
  let looking: DataSource;
  let account: AnAccount;

  beforeAll(async () => {
    servers = await TaskServers.start(0, [taskDispatched, taskCancelRequested]);
    const limits = { MODEL_FAILURES: 2, MAX_QUEUED_TASKS_PER_ACCOUNT: 100 };
    await Promise.all([servers.startReplica(limits), servers.startReplica(limits)]);
    looking = await new DataSource({ type: 'postgres', url: servers.database.urlOf('task') }).initialize();
  });
  afterAll(async () => {
    await looking.destroy();
    await servers.stop();
  });
  beforeEach(async () => {
    await looking.query('DELETE FROM tasks');
    await looking.query('DELETE FROM models');
    account = new AnAccount(servers);
  });

  const offers = (first: number, other: number): Promise<unknown> =>
    Promise.all([servers.offer(first, { id: 'first' }), servers.offer(other, second)]);
  const attemptsOf = (task_id: string): TaskDispatched[] =>
    servers.bridge.heardOf(taskDispatched).filter((it) => it.task_id === task_id);
  const handedTo = (task_id: string, model: string, attempt = 1): Promise<Attempt> =>
    eventually(() => {
      const found = attemptsOf(task_id).find((it) => it.attempt === attempt);
      expect(found?.model).toBe(model);
      return { task_id, attempt };
    }, 8000);
  const accepted = async (attempt: Attempt): Promise<void> => {
    await servers.bridge.announce(generationAccepted, attempt);
    await account.becomes(attempt.task_id, 'running');
  };
  const fails = (attempt: Attempt, code = 'model_error', retryable = true): Promise<void> =>
    servers.bridge.announce(generationFailed, {
      ...attempt,
      error: { code, message: 'it broke', retryable, stage: 'texture' },
    });
  const succeeds = (attempt: Attempt): Promise<void> =>
    servers.bridge.announce(generationSucceeded, { ...attempt, artifacts: [anArtifact()], quality_report: null });
  const statusOf = async (id: string): Promise<string | undefined> =>
    (await servers.rpc.call(listModels, {})).models.find((model) => model.id === id)?.status;

  it('are taken over while their model has no workers, each in its turn, and their owners see by whom', async () => {
    await offers(0, 0);
    const made = [await account.create(either), await account.create(either), await account.create(either)];
    expect(made[0]).toMatchObject({ model: 'first', fallback_models: ['second'], queue_position: 0 });
    const other = await new AnAccount(servers).create({ model: 'second' });
    const ids = made.map(({ task_id }) => task_id);
    await looking.query("UPDATE models SET slots = 1, offered_at = now() - interval '2 minutes' WHERE id = 'first'");
    await servers.offer(1, second);
    await handedTo(other.task_id, 'second');
    await eventually(async () => {
      const moved = await Promise.all(ids.map((id) => account.find(id)));
      expect(moved.map(({ model, queue_position }) => [model, queue_position])).toEqual([
        ['second', 0],
        ['second', 1],
        ['second', 2],
      ]);
    });
    expect(await account.find(ids[0]!)).toMatchObject({
      fallback_models: ['first'],
      params: { target_polycount: 200, seed: made[0]!.params.seed },
    });
    const { events } = await account.events(ids[0]!, 0);
    expect(events.map(({ task }) => [task.status, task.model, task.fallback_models[0]])).toEqual([
      ['queued', 'first', 'second'],
      ['queued', 'second', 'first'],
    ]);
    expect(events[0]!.task.params).toEqual(made[0]!.params);
  });

  it('go on with the next model after a failure of the first, without falling back in progress', async () => {
    await offers(3, 3);
    const { task_id } = await account.create({ ...either, params: { seed: 7 } });
    const attempt = await handedTo(task_id, 'first');
    await servers.bridge.announce(generationProgressed, { ...attempt, percent: 60, stage: 'texture' });
    await eventually(async () => expect((await account.find(task_id)).progress).toBe(60));
    await looking.query("UPDATE tasks SET started_at = now() - interval '1 hour', begun_at = now() - interval '1 hour'");
    await fails(attempt);
    const next = await handedTo(task_id, 'second', 2);
    expect(attemptsOf(task_id).map(({ params }) => params)).toEqual([
      { seed: 7, target_polycount: 500, model_params: { depth: 0.5 } },
      { seed: 7 },
    ]);
    expect(await account.find(task_id)).toMatchObject({ status: 'running', progress: 60, stage: null });
    await succeeds(attempt); // too late
    await accepted(next);
    await succeeds(next);
    const done = await account.becomes(task_id, 'succeeded');
    expect(done).toMatchObject({ model: 'second', fallback_models: ['first'], metrics: { attempts: 2 } });
    expect(done.metrics.execution_ms).toBeGreaterThan(3_600_000);
    const [took] = await looking.query<{ ms: number }[]>(
      "SELECT execution_ms::int AS ms FROM execution_times WHERE model = 'second'",
    );
    expect(took!.ms).toBeLessThan(60_000); // what the first model did is not held against the second
  });

  it('go on with the next model when a worker falls silent, or never takes them, or is restarted', async () => {
    await offers(3, 9);
    const [silent, untaken, stopped] = await Promise.all(Array.from({ length: 3 }, () => account.create(either)));
    await accepted(await handedTo(silent!.task_id, 'first'));
    await handedTo(untaken!.task_id, 'first');
    await servers.bridge.announce(generationCanceled, await handedTo(stopped!.task_id, 'first'));
    for (const { task_id } of [silent!, untaken!, stopped!]) await handedTo(task_id, 'second', 2);
    await eventually(() =>
      expect(servers.bridge.heardOf(taskCancelRequested)).toContainEqual({
        task_id: silent!.task_id,
        attempt: 1,
        reason: 'stale',
      }),
    );
    const [model] = await looking.query<{ failures: number }[]>("SELECT failures FROM models WHERE id = 'first'");
    expect(model!.failures).toBe(1);
  });

  it('are asked of nobody else when the request is what is wrong', async () => {
    await offers(3, 3);
    const { task_id } = await account.create(either);
    await fails(await handedTo(task_id, 'first'), 'bad_input', false);
    const { error, model } = await account.becomes(task_id, 'failed');
    expect([error?.code, model]).toEqual(['bad_input', 'first']);
    expect(await statusOf('first')).toBe('ready');
  });

  it('are given to a model that keeps failing no more, until it has rested and one of them succeeds', async () => {
    await offers(4, 0);
    const plain = Array.from({ length: 4 }, () => account.create({ model: 'first' }));
    const attempts = await Promise.all(plain.map(async (one) => handedTo((await one).task_id, 'first')));
    for (const attempt of attempts) await fails(attempt);
    await eventually(async () => expect(await statusOf('first')).toBe('unavailable'));
    const rest = 'SELECT failures, rests_until - now() AS left FROM models WHERE id = $1';
    const [resting] = await looking.query<{ failures: number; left: object }[]>(rest, ['first']);
    expect(resting).toMatchObject({ failures: 2, left: { seconds: expect.any(Number) } });
    await servers.offer(1, second);
    const { task_id } = await account.create(either);
    await handedTo(task_id, 'second');

    await looking.query("UPDATE models SET rests_until = now() WHERE id = 'first'");
    const again = (): Attempt[] =>
      attempts.flatMap(({ task_id: id }) => attemptsOf(id).filter((it) => it.attempt === 2));
    await eventually(() => expect(again()).toHaveLength(1), 8000);
    const [probe] = again();
    const leased = "SELECT 1 FROM tasks WHERE model = 'first' AND lease_until IS NOT NULL";
    expect(await looking.query(leased)).toHaveLength(1);
    await succeeds({ task_id: probe!.task_id, attempt: 2 });
    await eventually(() => expect(again()).toHaveLength(4), 8000);
    expect(await statusOf('first')).toBe('ready');
  });

  it('end when their model is withdrawn, but for those that another one takes over', async () => {
    await offers(0, 1);
    const busy = await new AnAccount(servers).create({ model: 'second' });
    await servers.bridge.announce(generationAccepted, await handedTo(busy.task_id, 'second'));
    const alone = await account.create({ model: 'first' });
    const moving = await account.create(either);
    const id = randomUUID();
    const said = () => servers.bridge.announce(catalogueChanged, { ids: ['second', 'other'] }, id);
    await Promise.all([said(), said()]);
    const { error } = await account.becomes(alone.task_id, 'failed');
    expect(error).toEqual({
      code: 'model_not_found',
      message: 'The model is not offered any more',
      retryable: false,
      stage: null,
    });
    await eventually(async () => expect((await account.find(moving.task_id)).model).toBe('second'));
    expect(await statusOf('first')).toBeUndefined();
    await expect(account.create({ model: 'first' })).rejects.toMatchObject({ code: 'model_not_found' });
    await servers.bridge.announce(catalogueChanged, { ids: [] });
    await eventually(async () => expect((await account.find(moving.task_id)).status).toBe('failed'));
  });

  it('leave the choice to the service: the best model that is ready and can do it', async () => {
    await servers.offer(0, { id: 'away', weight: 9 });
    await servers.offer(1, { id: 'heavy', weight: 5, params_schema: second.params_schema });
    await servers.offer(1, { id: 'light', weight: 2 });
    const auto = await account.create({ model: 'auto' });
    expect(auto).toMatchObject({ model: 'heavy', fallback_models: ['light', 'away'] });
    const deep = { model: 'auto', params: { model_params: { depth: 0.1 } } };
    expect(await account.create(deep)).toMatchObject({ model: 'light', fallback_models: ['away'] });
    await expect(account.create({ model: 'auto', params: { guidance_scale: 1 } })).rejects.toMatchObject({
      code: 'parameter_not_supported',
      details: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/params/guidance_scale' })]) },
    });
  });

  it.each([
    ['one that is not there', { fallback_models: ['second', 'none'] }, 'model_not_found', '/fallback_models/1'],
    ['the model itself', { fallback_models: ['first'] }, 'invalid_parameters', '/fallback_models/0'],
    ['a choice', { fallback_models: ['auto'] }, 'invalid_parameters', '/fallback_models/0'],
    ['any, with a choice', { model: 'auto', fallback_models: ['second'] }, 'invalid_parameters', '/fallback_models'],
    [
      'one that knows less',
      { fallback_models: ['second'], params: { model_params: {} } },
      'parameter_not_supported',
      '/fallback_models/0',
    ],
  ])('are refused with a fallback to %s', async (_, about, code, pointer) => {
    await offers(0, 0);
    await expect(account.create({ model: 'first', ...about })).rejects.toMatchObject({
      code,
      details: { errors: [expect.objectContaining({ pointer })] },
    });
    expect(await account.usage()).toMatchObject({ queued: 0 });
  });
});
