import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  adoptArtifacts,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  openAttempt,
  Problem,
  taskCancelRequested,
  taskDispatched,
  type TaskDispatched,
} from '#contracts';
import { createService } from '#runtime';
import { eventually, type FreshBroker, freshBroker, type FreshDatabase, freshDatabase, StandIn } from '#testing';
import { workerEventsQueue, type WorkerEvent } from '#worker-contract';
import { MlBridgeConfig } from '../src/ml-bridge.config.js';
import { MlBridgeModule } from '../src/ml-bridge.module.js';
import { aDispatch, anEvent } from './a-generation.js';
import { Worker } from './worker.js';

const hash = 'a'.repeat(64);
const artifacts = [
  { name: 'model.glb', format: 'glb', bytes: 10, sha256: hash, meta: { triangles: 12, engine: 'reference' } },
  { name: 'preview.png', format: 'png', bytes: 5, sha256: hash },
];

describe('the bridge to the ML workers', () => {
  let database: FreshDatabase;
  let broker: FreshBroker;
  let workersBroker: FreshBroker;
  let app: NestFastifyApplication;
  let worker: Worker;
  let task: StandIn;
  let storage: StandIn;
  let adopt: () => Promise<void> = async () => {};

  /** An attempt whose worker has accepted it, and a way to let that worker speak. */
  const accepted = async (about: Partial<TaskDispatched> = {}) => {
    const dispatch = aDispatch({ deadline_at: new Date(Date.now() + 60_000).toISOString(), ...about });
    await task.announce(taskDispatched, dispatch);
    const job = await worker.jobOf(dispatch.task_id);
    let seq = 0;
    const eventOf = (event: Partial<WorkerEvent>): WorkerEvent =>
      anEvent({ task_id: job.task_id, attempt: job.attempt, lease_token: job.lease_token, seq: seq++, ...event });
    worker.say(eventOf({ type: 'accepted' }));
    const attempt = { task_id: job.task_id, attempt: job.attempt };
    await eventually(() => expect(task.heardOf(generationAccepted)).toContainEqual(attempt));
    return { job, attempt, eventOf };
  };

  beforeAll(async () => {
    [database, broker, workersBroker] = await Promise.all([freshDatabase(), freshBroker(), freshBroker()]);
    storage = await new StandIn(broker.url, 'storage')
      .answer(openAttempt, async ({ inputs, outputs, owner_id }) => {
        if (inputs.some(({ file_id }) => file_id === owner_id)) throw new Problem('file_not_found', 'No such file');
        return {
          inputs: inputs.map(({ file_id }) => ({
            file_id,
            url: 'http://store/in',
            content_type: 'image/png',
            bytes: 1,
            sha256: hash,
          })),
          outputs: outputs.map((output) => ({ ...output, url: `http://store/${output.name}`, max_bytes: 1000 })),
        };
      })
      .answer(adoptArtifacts, async (request) => {
        await adopt();
        return {
          artifacts: request.artifacts.map(({ format, bytes, sha256 }) => ({
            kind: format === 'png' ? ('preview' as const) : ('model' as const),
            format,
            file_id: randomUUID(),
            size_bytes: bytes,
            sha256,
          })),
        };
      })
      .start();
    task = await new StandIn(broker.url, 'task')
      .hear(
        modelOffered,
        generationAccepted,
        generationProgressed,
        generationSucceeded,
        generationFailed,
        generationCanceled,
      )
      .start();
    const config = Object.assign(new MlBridgeConfig(), {
      DATABASE_URL: database.urlOf('ml-bridge'),
      RABBITMQ_URL: broker.url,
      ML_RABBITMQ_URL: workersBroker.url,
      LOG_LEVEL: 'silent',
      DATABASE_POOL_SIZE: 5,
    });
    app = await createService({ name: 'ml-bridge', config, module: MlBridgeModule.with(config) });
    await app.startAllMicroservices();
    worker = await new Worker().connect(workersBroker.url);
  });

  afterEach(() => {
    adopt = async () => {};
  });

  afterAll(async () => {
    await worker.close();
    await app.close();
    await Promise.all([task.stop(), storage.stop()]);
    await Promise.all([database.drop(), broker.drop(), workersBroker.drop()]);
  });

  it('offers its models with the number of workers that listen', async () => {
    await eventually(() => expect(task.heardOf(modelOffered).at(-1)).toMatchObject({ id: 'reference', slots: 1 }));
  });

  it('takes an attempt from its job to its artifacts, once, however often it is told', async () => {
    const { job, attempt, eventOf } = await accepted({ images: [{ file_id: randomUUID(), view: 'front' }] });
    expect(job).toMatchObject({ operation: 'image_to_3d', inputs: [{ name: 'front.png' }], heartbeat_ms: 5000 });
    worker.say(eventOf({ type: 'progress', percent: 40.7, stage: 'inflate' }));
    await eventually(() =>
      expect(task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 40, stage: 'inflate' }),
    );
    const success = eventOf({ type: 'succeeded', artifacts });
    for (const again of [success, success, { ...success, event_id: randomUUID() }]) worker.say(again);
    await eventually(() => expect(task.heardOf(generationSucceeded)).toHaveLength(1));
    worker.say(eventOf({ type: 'failed', error: { code: 'internal', message: 'too late', retryable: true } }));
    expect(task.heardOf(generationSucceeded)[0]).toMatchObject({
      ...attempt,
      artifacts: [{ kind: 'model', format: 'glb' }, { kind: 'preview' }],
      quality_report: { triangles: 12, engine: 'reference' },
    });
  });

  it('sends one job for a task that is announced twice, and tells a second worker nothing', async () => {
    const { attempt, eventOf, job } = await accepted();
    worker.say({ ...eventOf({ type: 'progress', percent: 90 }), worker_id: 'worker-2' });
    worker.say(eventOf({ type: 'progress', percent: 30, stage: 'x' }));
    await eventually(() =>
      expect(task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 30, stage: 'x' }),
    );
    expect(task.heardOf(generationProgressed)).not.toContainEqual(expect.objectContaining({ ...attempt, percent: 90 }));
    await task.announce(taskDispatched, aDispatch({ task_id: job.task_id }));
    worker.say(eventOf({ type: 'canceled' }));
    await eventually(() => expect(task.heardOf(generationCanceled)).toContainEqual(attempt));
    expect(worker.jobs.filter(({ task_id }) => task_id === job.task_id)).toHaveLength(1);
  });

  it('refuses a worker whose attempt has a successor, and tells it to stop', async () => {
    const { attempt, eventOf } = await accepted();
    const second = aDispatch({ ...attempt, attempt: 2, deadline_at: new Date(Date.now() + 60_000).toISOString() });
    await task.announce(taskDispatched, second);
    await eventually(() => expect(worker.jobs).toContainEqual(expect.objectContaining({ ...attempt, attempt: 2 })));
    worker.say(eventOf({ type: 'progress', percent: 77 }));
    await eventually(() =>
      expect(worker.controls).toContainEqual(expect.objectContaining({ ...attempt, reason: 'stale' })),
    );
    worker.say(eventOf({ type: 'succeeded', artifacts }));
    await eventually(async () => expect(await workersBroker.depthOf(workerEventsQueue)).toBe(0));
    expect(task.heardOf(generationSucceeded)).not.toContainEqual(expect.objectContaining(attempt));
  });

  it('passes a cancel on, and again to a worker that missed it', async () => {
    const { attempt, eventOf } = await accepted();
    await task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    const cancels = () =>
      worker.controls.filter(({ task_id, reason }) => task_id === attempt.task_id && reason === 'user');
    await eventually(() => expect(cancels()).toHaveLength(1));
    worker.say(eventOf({ type: 'progress', percent: 5 }));
    await eventually(() => expect(cancels()).toHaveLength(2));
    worker.say(eventOf({ type: 'canceled' }));
    await eventually(() => expect(task.heardOf(generationCanceled)).toContainEqual(attempt));
  });

  it.each([
    ['leaves an output out', artifacts.slice(0, 1), async () => {}, 'missing: preview.png'],
    [
      'delivers something else',
      artifacts,
      () => Promise.reject(new Problem('output_rejected', 'model.glb has another hash')),
      'model.glb has another hash',
    ],
  ])('counts no success of a worker that %s', async (_, delivered, refusal, message) => {
    const { attempt, eventOf } = await accepted();
    adopt = refusal;
    worker.say(eventOf({ type: 'succeeded', artifacts: delivered }));
    await eventually(() =>
      expect(task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: { code: 'output_rejected', message, retryable: true, stage: null },
      }),
    );
  });

  it('keeps a success until the storage service is back', async () => {
    const { attempt, eventOf } = await accepted();
    let refusals = 0;
    adopt = () => (++refusals < 3 ? Promise.reject(new Problem('service_unavailable')) : Promise.resolve());
    worker.say(eventOf({ type: 'succeeded', artifacts }));
    await eventually(() => expect(task.heardOf(generationSucceeded)).toContainEqual(expect.objectContaining(attempt)));
    expect(refusals).toBe(3);
  });

  it("passes a worker's reason on", async () => {
    const { attempt, eventOf } = await accepted();
    const error = { code: 'bad_input' as const, message: 'nothing in the picture', retryable: false };
    worker.say(eventOf({ type: 'failed', stage: 'cut_out', error }));
    await eventually(() =>
      expect(task.heardOf(generationFailed)).toContainEqual({ ...attempt, error: { ...error, stage: 'cut_out' } }),
    );
  });

  it("makes a worker's words fit to be shown: a coloured log line must not keep an attempt from ending", async () => {
    const { attempt, eventOf } = await accepted();
    worker.say(eventOf({ type: 'progress', percent: 3, stage: '' }));
    await eventually(() =>
      expect(task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 3, stage: null }),
    );
    const error = { code: 'bad_input' as const, message: '\u001b[31mno\0 mesh\ud800', retryable: false };
    worker.say(eventOf({ type: 'failed', stage: '\0', error }));
    await eventually(() =>
      expect(task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: { ...error, message: '[31mno  mesh\ufffd', stage: null },
      }),
    );
  });

  it.each([
    ['has a name that every object inherits', '{"constructor":{"a":1}}'],
    ['has a text that cannot be kept', String.raw`{"a":"\u0000"}`],
    ['is nested without end', `{"a":${'['.repeat(4000)}${']'.repeat(4000)}}`],
    ['is larger than a message should be', `{"a":"${'x'.repeat(70_000)}"}`],
  ])('counts no success whose report %s', async (_, report) => {
    const { attempt, eventOf } = await accepted();
    const [model, preview] = artifacts;
    worker.say(
      JSON.stringify(eventOf({ type: 'succeeded', artifacts: [{ ...model!, meta: {} }, preview!] })).replace(
        '"meta":{}',
        `"meta":${report}`,
      ),
    );
    await eventually(() =>
      expect(task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: expect.objectContaining({ code: 'output_rejected' }) as object,
      }),
    );
  });

  it('ends a task whose picture is gone with the reason', async () => {
    const dispatch = aDispatch({ deadline_at: new Date(Date.now() + 60_000).toISOString() });
    await task.announce(taskDispatched, { ...dispatch, images: [{ file_id: dispatch.owner_id }] });
    await eventually(() =>
      expect(task.heardOf(generationFailed)).toContainEqual({
        task_id: dispatch.task_id,
        attempt: 1,
        error: { code: 'input_unavailable', message: 'No such file', retryable: false, stage: null },
      }),
    );
  });

  it('parks what is not an event', async () => {
    worker.say('{"v":1}');
    await eventually(async () => expect(await workersBroker.depthOf('ml.dead')).toBe(1));
  });
});
