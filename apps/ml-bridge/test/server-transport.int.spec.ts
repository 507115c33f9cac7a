import {
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  taskCancelRequested,
  type TaskDispatched,
  taskRemoved,
} from '#contracts';
import { eventually } from '#testing';
import { EngineFailure } from '../src/generations/attempt-failure.js';
import { ServerTransport } from '../src/transports/server/server-transport.service.js';
import { WorkerEventsService } from '../src/workers/worker-events.service.js';
import { CatalogueService } from '../src/catalogue/catalogue.service.js';
import { aGlb } from './engines/a-glb.js';
import { dispatch, endless, modelId, outputOf, serverBridgeOfSuite } from './server-suite.js';
import { sha256 } from './store.js';

describe('a model on a server of other people', () => {
  const { bridge, adapter, store } = serverBridgeOfSuite();
  const attemptOf = ({ task_id, attempt }: TaskDispatched) => ({ task_id, attempt });
  const generationOf = async ({ task_id, attempt }: TaskDispatched) => {
    const rows = await bridge.schema.query<{ finishing: { raw: object | null } }[]>(
      'SELECT * FROM generations WHERE task_id = $1 AND attempt = $2',
      [task_id, attempt],
    );
    return rows[0]!;
  };
  const expectDelivered = (task: TaskDispatched, glb: Buffer): Promise<void> =>
    eventually(async () =>
      expect((await generationOf(task)).finishing.raw).toMatchObject({ bytes: glb.length, sha256: sha256(glb) }),
    );
  const jobsLeft = (): Promise<unknown[]> => bridge.schema.query('SELECT task_id FROM jobs');
  const noneLeft = (): Promise<void> => eventually(async () => expect(await jobsLeft()).toEqual([]));
  const expectFailed = (task: TaskDispatched, error: object): Promise<void> =>
    eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        ...attemptOf(task),
        error: expect.objectContaining(error) as unknown,
      }),
    );

  it('is made there, and delivered to be finished', async () => {
    const glb = aGlb({ padding: 300 });
    adapter.script = async (run) => {
      const { job, remote } = run;
      expect([job.params, job.outputs.map(({ name }) => name), remote]).toEqual([
        expect.objectContaining({ seed: 1, prompt: 'a low-poly fox' }),
        ['raw.glb'],
        null,
      ]);
      await run.report('shape', 0.5);
      await run.report('texture');
      return outputOf(glb.subarray(0, 100), glb.subarray(100));
    };
    const task = await dispatch(bridge);
    await expectDelivered(task, glb);
    expect(store.files.get('/raw.glb')).toEqual(glb);
    const attempt = attemptOf(task);
    await eventually(() => {
      expect(bridge.task.heardOf(generationAccepted)).toContainEqual(attempt);
      const progress = bridge.task.heardOf(generationProgressed).filter(({ task_id }) => task_id === task.task_id);
      expect(progress).toEqual(
        expect.arrayContaining([
          { ...attempt, percent: Math.floor(37 * 0.9), stage: 'shape' },
          { ...attempt, percent: Math.floor(75 * 0.9), stage: 'texture' },
        ]),
      );
    });
    await noneLeft();
    expect(adapter.stopped).toEqual([]);
  });

  it('has the slots of its entry while the server is ready, one unless told', async () => {
    const { transport, ...about } = bridge.part(CatalogueService).find(modelId)!;
    const slots = (url: string, most: number | null) =>
      bridge.part(ServerTransport).countSlots({ ...about, transport: { ...transport, url } as never, slots: most });
    expect([await slots('http://one', null), await slots('http://two', 3)]).toEqual([1, 3]);
    adapter.ready = false;
    expect([await slots('http://one', null), await slots('http://three', 3)]).toEqual([1, 0]); // not asked again at once
    adapter.ready = true;
  });

  it('goes on at its server after a restart of the bridge', async () => {
    const takeIn = jest.spyOn(WorkerEventsService.prototype, 'takeIn');
    adapter.script = endless({ id: 7 });
    const task = await dispatch(bridge);
    const first = await adapter.runOf(task.task_id);
    await eventually(() =>
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual(expect.objectContaining(attemptOf(task))),
    );
    adapter.script = () => Promise.resolve(outputOf(aGlb()));
    await bridge.restart();
    expect(first.signal.aborted).toBe(true);
    expect((await adapter.runOf(task.task_id, 2)).remote).toEqual({ id: 7 });
    await expectDelivered(task, aGlb());
    const said = takeIn.mock.calls.flatMap(([{ seq, task_id }]) => (task_id === task.task_id ? [seq] : []));
    expect(said).toEqual(said.map((_, index) => index));
    takeIn.mockRestore();
    expect(adapter.stopped).toEqual([]);
  });

  it('is gone on with by another process when the first is not heard, which lets go of it', async () => {
    adapter.script = endless({ id: 8 });
    const task = await dispatch(bridge);
    const first = await adapter.runOf(task.task_id);
    await eventually(async () =>
      expect(await bridge.schema.query('SELECT 1 FROM jobs WHERE remote IS NOT NULL')).toHaveLength(1),
    );
    adapter.script = () => Promise.resolve(outputOf(aGlb()));
    await bridge.schema.query(`UPDATE jobs SET holder = 'another', held_until = now() + interval '1 second'`);
    await eventually(() => expect(first.signal.aborted).toBe(true));
    await expectDelivered(task, aGlb());
    expect(adapter.runsOf(task.task_id).map(({ remote }) => remote)).toEqual([null, { id: 8 }]);
    expect(adapter.stopped).toEqual([]);
  });

  it('is stopped at its server when its task is canceled', async () => {
    adapter.script = endless({ id: 9 });
    const task = await dispatch(bridge);
    await adapter.runOf(task.task_id);
    await bridge.task.announce(taskCancelRequested, { ...attemptOf(task), reason: 'user' });
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attemptOf(task)));
    expect(adapter.stopped).toEqual([{ id: 9 }]);
    await noneLeft();
  });

  it('runs no more than its slots at once, whichever process has them; what waits is canceled at once', async () => {
    const replica = await bridge.replica();
    const opened: (() => void)[] = [];
    adapter.script = () => new Promise((resolve) => opened.push(() => resolve(outputOf(aGlb()))));
    const tasks = [await dispatch(bridge), await dispatch(bridge), await dispatch(bridge)];
    await eventually(async () => expect([opened.length, (await jobsLeft()).length]).toEqual([1, 3]));
    const waiting = tasks.filter(({ task_id }) => adapter.runsOf(task_id).length === 0);
    await bridge.task.announce(taskCancelRequested, { ...attemptOf(waiting[0]!), reason: 'user' });
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attemptOf(waiting[0]!)));
    opened[0]!();
    await adapter.runOf(waiting[1]!.task_id);
    opened[1]!();
    await noneLeft();
    expect([adapter.mostRunning, adapter.runsOf(waiting[0]!.task_id)]).toEqual([1, []]);
    await replica.close();
  });

  it('is stopped when its task is removed', async () => {
    adapter.script = endless({ id: 10 });
    const task = await dispatch(bridge);
    await adapter.runOf(task.task_id);
    await eventually(async () =>
      expect(await bridge.schema.query('SELECT 1 FROM jobs WHERE remote IS NOT NULL')).toHaveLength(1),
    );
    await bridge.task.announce(taskRemoved, { task_id: task.task_id, owner_id: task.owner_id });
    await eventually(() => expect(adapter.stopped).toEqual([{ id: 10 }]));
  });

  it('is stopped when somebody else said how its attempt ended', async () => {
    adapter.script = endless({ id: 13 });
    const task = await dispatch(bridge);
    await adapter.runOf(task.task_id);
    await bridge.schema.query(`UPDATE generations SET status = 'failed' WHERE task_id = $1`, [task.task_id]);
    await eventually(() => expect(adapter.stopped).toEqual([{ id: 13 }]));
    await noneLeft();
  });

  it('is stopped when its attempt has a successor, which then has its slot', async () => {
    adapter.script = endless({ id: 11 });
    const task = await dispatch(bridge);
    await adapter.runOf(task.task_id);
    const begun = expect.objectContaining({ task_id: task.task_id, attempt: 1, stage: 'shape' });
    await eventually(() => expect(bridge.task.heardOf(generationProgressed)).toContainEqual(begun));
    const next = await dispatch(bridge, { task_id: task.task_id, attempt: 2 });
    await eventually(async () => expect(await jobsLeft()).toHaveLength(2));
    adapter.script = () => Promise.resolve(outputOf(aGlb()));
    await adapter.runsOf(task.task_id)[0]!.report('texture');
    await expectDelivered(next, aGlb());
    expect(adapter.stopped).toEqual([{ id: 11 }]);
  });

  it('is stopped when its time is over', async () => {
    adapter.script = endless({ id: 12 });
    const task = await dispatch(bridge, { deadline_at: new Date(Date.now() + 4000).toISOString() });
    await expectFailed(task, { code: 'deadline_exceeded', retryable: false, stage: 'shape' });
    expect(adapter.stopped).toEqual([{ id: 12 }]);
    await noneLeft();
  });

  it.each([
    ['is no GLB', () => outputOf(Buffer.from('<html>502</html>')), 'output_rejected', true],
    ['was cut off', () => outputOf(aGlb({ padding: 99 }).subarray(0, -8)), 'output_rejected', true],
    ['is larger than it may be', () => outputOf(aGlb({ padding: 1000 })), 'output_rejected', true],
    ['is empty', () => outputOf(), 'output_rejected', true],
    [
      'is refused',
      () => Promise.reject(new EngineFailure('content_rejected', 'secret words')),
      'content_rejected',
      false,
    ],
    ['breaks', () => Promise.reject(new EngineFailure('out_of_memory', 'secret words')), 'out_of_memory', true],
    ['meets a bug', () => Promise.reject(new Error('secret words')), 'internal', true],
  ])('fails in our own words when what it makes %s', async (_, script, code, retryable) => {
    adapter.script = async () => script();
    const task = await dispatch(bridge);
    await expectFailed(task, { code, retryable });
    expect(JSON.stringify(bridge.task.heardOf(generationFailed))).not.toContain('secret');
    expect(store.files.size).toBe(0);
    await noneLeft();
  });

  it('is told of its end when the database is back', async () => {
    const takeIn = jest.spyOn(bridge.part(WorkerEventsService), 'takeIn');
    adapter.script = () => {
      takeIn.mockRejectedValueOnce(new Error('Connection terminated unexpectedly'));
      return Promise.resolve(outputOf(aGlb()));
    };
    await expectDelivered(await dispatch(bridge), aGlb());
    takeIn.mockRestore();
  });
});
