import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  type Attempt,
  catalogueChanged,
  generationCanceled,
  generationProgressed,
  modelOffered,
  taskCancelRequested,
  type TaskDispatched,
} from '#contracts';
import { eventually } from '#testing';
import { anOffer } from './a-task.js';
import { AnAccount } from './an-account.js';
import type { TaskServers } from './task-service.js';
import { either, second, TwoModels } from './two-models.js';

describe('tasks that several models can do', () => {
  let models: TwoModels;
  let servers: TaskServers;
  let looking: DataSource;
  let account: AnAccount;

  beforeAll(async () => {
    models = await TwoModels.start();
    ({ servers, database: looking } = models);
  });
  afterAll(() => models.stop());
  beforeEach(async () => {
    await models.clear();
    account = new AnAccount(servers);
  });

  it('are taken over while their model has no workers, each in its turn, and their owners see by whom', async () => {
    await models.offer(0, 0);
    const made = [await account.create(either), await account.create(either), await account.create(either)];
    expect(made[0]).toMatchObject({ model: 'first', fallback_models: ['second'], queue_position: 0 });
    const other = await new AnAccount(servers).create({ model: 'second' });
    const ids = made.map(({ task_id }) => task_id);
    await looking.query("UPDATE models SET slots = 1, offered_at = now() - interval '2 minutes' WHERE id = 'first'");
    await servers.offer(1, second);
    await models.handedTo(other.task_id, 'second');
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
    await models.offer(3, 3);
    const { task_id } = await account.create({ ...either, params: { seed: 7 } });
    const attempt = await models.handedTo(task_id, 'first');
    await servers.bridge.announce(generationProgressed, { ...attempt, percent: 60, stage: 'texture' });
    await eventually(async () => expect((await account.find(task_id)).progress).toBe(60));
    await looking.query(
      "UPDATE tasks SET started_at = now() - interval '1 hour', begun_at = now() - interval '1 hour'",
    );
    await models.fail(attempt);
    const next = await models.handedTo(task_id, 'second', 2);
    expect(models.attemptsOf(task_id).map(({ params }) => params)).toEqual([
      { seed: 7, target_polycount: 500, model_params: { depth: 0.5 } },
      { seed: 7 },
    ]);
    expect(await account.find(task_id)).toMatchObject({ status: 'running', progress: 60, stage: null });
    await models.succeed(attempt); // too late
    await models.accept(next);
    await eventually(async () =>
      expect(await looking.query('SELECT 1 FROM tasks WHERE id = $1 AND begun_at IS NOT NULL', [task_id])).toHaveLength(
        1,
      ),
    );
    await models.succeed(next);
    const done = await account.becomes(task_id, 'succeeded');
    expect(done).toMatchObject({ model: 'second', fallback_models: ['first'], metrics: { attempts: 2 } });
    expect(done.metrics.execution_ms).toBeGreaterThan(3_600_000);
    const [took] = await looking.query<{ ms: number }[]>(
      "SELECT execution_ms::int AS ms FROM execution_times WHERE model = 'second'",
    );
    expect(took!.ms).toBeLessThan(60_000); // what the first model did is not held against the second
  });

  it('go on with the next model when a worker falls silent, or never takes them, or is restarted', async () => {
    await models.offer(3, 9);
    const [silent, untaken, stopped] = await Promise.all(Array.from({ length: 3 }, () => account.create(either)));
    await models.accept(await models.handedTo(silent!.task_id, 'first'));
    await models.handedTo(untaken!.task_id, 'first');
    await servers.bridge.announce(generationCanceled, await models.handedTo(stopped!.task_id, 'first'));
    for (const { task_id } of [silent!, untaken!, stopped!]) await models.handedTo(task_id, 'second', 2);
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
    await models.offer(3, 3);
    const { task_id } = await account.create(either);
    await models.fail(await models.handedTo(task_id, 'first'), 'bad_input', false);
    const { error, model } = await account.becomes(task_id, 'failed');
    expect([error?.code, model]).toEqual(['bad_input', 'first']);
    expect(await models.statusOf('first')).toBe('ready');
  });

  it('are given to a model that keeps failing no more, until it has rested and one of them succeeds', async () => {
    await models.offer(4, 0);
    const plain = Array.from({ length: 4 }, () => account.create({ model: 'first' }));
    const attempts = await Promise.all(plain.map(async (one) => models.handedTo((await one).task_id, 'first')));
    for (const attempt of attempts) await models.fail(attempt);
    await eventually(async () => expect(await models.statusOf('first')).toBe('unavailable'));
    const rest = 'SELECT failures, rests_until - now() AS left FROM models WHERE id = $1';
    const [resting] = await looking.query<{ failures: number; left: object }[]>(rest, ['first']);
    expect(resting).toMatchObject({ failures: 2, left: { seconds: expect.any(Number) } });
    await servers.offer(1, second);
    const { task_id } = await account.create(either);
    await models.handedTo(task_id, 'second');

    await looking.query("UPDATE models SET rests_until = now() WHERE id = 'first'");
    const again = (): Attempt[] =>
      attempts.flatMap(({ task_id: id }) => models.attemptsOf(id).filter((it) => it.attempt === 2));
    await eventually(() => expect(again()).toHaveLength(1), 8000);
    const [probe] = again();
    const leased = "SELECT 1 FROM tasks WHERE model = 'first' AND lease_until IS NOT NULL";
    expect(await looking.query(leased)).toHaveLength(1);
    await models.succeed({ task_id: probe!.task_id, attempt: 2 });
    await eventually(() => expect(again()).toHaveLength(4), 8000);
    expect(await models.statusOf('first')).toBe('ready');
  });

  it('end when their model is withdrawn, but for those that another one takes over', async () => {
    await models.offer(0, 1);
    const busy = await new AnAccount(servers).create({ model: 'second' });
    await models.accept(await models.handedTo(busy.task_id, 'second'));
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
    expect(await models.statusOf('first')).toBeUndefined();
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

  it('all succeed, and wait for each other in no circle, while one model comes, goes and fails under load', async () => {
    await models.offer(3, 3);
    const accounts = Array.from({ length: 8 }, () => new AnAccount(servers));
    const made = Promise.all(accounts.flatMap((one) => Array.from({ length: 5 }, () => one.create(either))));
    const answered = new Set<string>();
    const answer = async (attempt: TaskDispatched): Promise<void> => {
      await models.accept(attempt);
      await (attempt.model === 'first' ? models.fail(attempt) : models.succeed(attempt));
    };
    const ids = (await made).map(({ task_id }) => task_id);
    let slots = 3;
    await eventually(
      async () => {
        slots = slots === 3 ? 0 : 3;
        await servers.bridge.announce(modelOffered, { ...anOffer({ id: 'first' }), slots });
        const open = ids
          .flatMap((id) => models.attemptsOf(id))
          .filter((it) => !answered.has(`${it.task_id}:${it.attempt}`));
        for (const it of open) answered.add(`${it.task_id}:${it.attempt}`);
        await Promise.all(open.map(answer));
        const done = "SELECT 1 FROM tasks WHERE status = 'succeeded'";
        expect(await looking.query(done)).toHaveLength(ids.length);
      },
      25_000,
      50,
    );
    const [seen] = await looking.query<{ deadlocks: number }[]>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(seen!.deadlocks).toBe(0);
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
    await models.offer(0, 0);
    await expect(account.create({ model: 'first', ...about })).rejects.toMatchObject({
      code,
      details: { errors: [expect.objectContaining({ pointer })] },
    });
    expect(await account.usage()).toMatchObject({ queued: 0 });
  });
});
