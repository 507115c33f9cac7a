import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  Problem,
  taskCancelRequested,
  taskDispatched,
} from '#contracts';
import { eventually } from '#testing';
import { workerEventsQueue } from '#worker-contract';
import { aDispatch } from './a-generation.js';
import { artifacts, bridgeOfSuite, hash, inAMinute } from './bridge.js';

describe('the bridge to the ML workers', () => {
  const bridge = bridgeOfSuite();

  it('offers its models with the number of workers that listen', async () => {
    await eventually(() => {
      for (const id of ['reference', 'convert']) {
        expect(bridge.task.heardOf(modelOffered)).toContainEqual(expect.objectContaining({ id, slots: 1 }));
      }
    });
  });

  it('takes an attempt from its job to its artifacts, once, however often it is told', async () => {
    const { job, attempt, eventOf } = await bridge.accepted({ images: [{ file_id: randomUUID(), view: 'front' }] });
    expect(job).toMatchObject({ operation: 'image_to_3d', inputs: [{ name: 'front.png' }], heartbeat_ms: 5000 });
    bridge.worker.say(eventOf({ type: 'progress', percent: 40.7, stage: 'inflate' }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 40, stage: 'inflate' }),
    );
    const success = eventOf({ type: 'succeeded', artifacts });
    for (const again of [success, success, { ...success, event_id: randomUUID() }]) bridge.worker.say(again);
    await eventually(() => expect(bridge.task.heardOf(generationSucceeded)).toHaveLength(1));
    bridge.worker.say(eventOf({ type: 'failed', error: { code: 'internal', message: 'too late', retryable: true } }));
    expect(bridge.task.heardOf(generationSucceeded)[0]).toMatchObject({
      ...attempt,
      artifacts: [{ kind: 'model', format: 'glb' }, { kind: 'preview' }],
      quality_report: { triangles: 12, engine: 'reference' },
    });
  });

  it('takes a conversion to its artifacts, without a GLB and without the previews that a worker need not have', async () => {
    const mesh = { file_id: randomUUID() };
    const about = { model: 'convert', prompt: null, mesh, output_formats: ['stl' as const] };
    const { job, attempt, eventOf } = await bridge.accepted(about);
    expect(job).toMatchObject({ operation: 'convert', inputs: [{ name: 'model.glb' }] });
    const stl = { name: 'model.stl', format: 'stl', bytes: 84, sha256: hash, meta: { triangles: 0 } };
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts: [stl, ...artifacts.slice(1)] }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationSucceeded)).toContainEqual({
        ...attempt,
        artifacts: [
          expect.objectContaining({ name: 'model.stl', kind: 'model' }),
          expect.objectContaining({ name: 'preview.png', kind: 'preview' }),
        ],
        quality_report: { triangles: 0 },
      }),
    );
  });

  it('sends one job for a task that is announced twice, and tells a second worker nothing', async () => {
    const { attempt, eventOf, job } = await bridge.accepted();
    bridge.worker.say({ ...eventOf({ type: 'progress', percent: 90 }), worker_id: 'worker-2' });
    bridge.worker.say(eventOf({ type: 'progress', percent: 30, stage: 'x' }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 30, stage: 'x' }),
    );
    expect(bridge.task.heardOf(generationProgressed)).not.toContainEqual(
      expect.objectContaining({ ...attempt, percent: 90 }),
    );
    await bridge.task.announce(taskDispatched, aDispatch({ task_id: job.task_id }));
    bridge.worker.say(eventOf({ type: 'canceled' }));
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attempt));
    expect(bridge.worker.jobs.filter(({ task_id }) => task_id === job.task_id)).toHaveLength(1);
  });

  it('refuses a worker whose attempt has a successor, and tells it to stop', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    const second = aDispatch({ ...attempt, attempt: 2, deadline_at: inAMinute() });
    await bridge.task.announce(taskDispatched, second);
    await eventually(() =>
      expect(bridge.worker.jobs).toContainEqual(expect.objectContaining({ ...attempt, attempt: 2 })),
    );
    bridge.worker.say(eventOf({ type: 'progress', percent: 77 }));
    await eventually(() =>
      expect(bridge.worker.controls).toContainEqual(expect.objectContaining({ ...attempt, reason: 'stale' })),
    );
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts }));
    await eventually(async () => expect(await bridge.workersBroker.depthOf(workerEventsQueue)).toBe(0));
    expect(bridge.task.heardOf(generationSucceeded)).not.toContainEqual(expect.objectContaining(attempt));
  });

  it('passes a cancel on, and again to a worker that missed it', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    const cancels = () =>
      bridge.worker.controls.filter(({ task_id, reason }) => task_id === attempt.task_id && reason === 'user');
    await eventually(() => expect(cancels()).toHaveLength(1));
    bridge.worker.say(eventOf({ type: 'progress', percent: 5 }));
    await eventually(() => expect(cancels()).toHaveLength(2));
    bridge.worker.say(eventOf({ type: 'canceled' }));
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attempt));
  });

  it('lets a task be tried again when the storage service stumbles', async () => {
    bridge.open = () => Promise.reject(new Error('a bug'));
    const dispatch = aDispatch({ deadline_at: inAMinute() });
    await bridge.task.announce(taskDispatched, dispatch);
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        task_id: dispatch.task_id,
        attempt: 1,
        error: expect.objectContaining({ code: 'internal_error', retryable: true }) as object,
      }),
    );
  });

  it('sends no job for an attempt whose cancel was read first', async () => {
    const dispatch = aDispatch({ deadline_at: inAMinute() });
    const attempt = { task_id: dispatch.task_id, attempt: dispatch.attempt };
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    await eventually(() => expect(bridge.worker.controls).toContainEqual(expect.objectContaining(attempt)));
    await bridge.task.announce(taskDispatched, dispatch);
    const { job } = await bridge.accepted();
    expect(bridge.worker.jobs.map(({ task_id }) => task_id)).toContain(job.task_id);
    await eventually(async () => expect(await bridge.broker.depthOf('ml-bridge.events')).toBe(0));
    expect(bridge.worker.jobs.map(({ task_id }) => task_id)).not.toContain(dispatch.task_id);
  });

  it('sends no job for an attempt that was canceled while the storage service was away', async () => {
    const dispatch = aDispatch({ deadline_at: inAMinute() });
    const attempt = { task_id: dispatch.task_id, attempt: dispatch.attempt };
    let [isCanceled, refusals, goOn] = [false, 0, (): void => {}];
    const canceled = new Promise<void>((resolve) => (goOn = resolve));
    bridge.open = async () => {
      if (isCanceled) return;
      refusals++;
      await canceled;
      throw new Problem('service_unavailable');
    };
    await bridge.task.announce(taskDispatched, dispatch);
    await eventually(() => expect(refusals).toBe(1));
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    await eventually(() => expect(bridge.worker.controls).toContainEqual(expect.objectContaining(attempt)));
    isCanceled = true;
    goOn();
    await delay(800); // the fact is read again after 200 ms
    expect(bridge.worker.jobs.map(({ task_id }) => task_id)).not.toContain(dispatch.task_id);
  });

  it('ends a task whose picture is gone with the reason', async () => {
    const dispatch = aDispatch({ deadline_at: inAMinute() });
    await bridge.task.announce(taskDispatched, { ...dispatch, images: [{ file_id: dispatch.owner_id }] });
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        task_id: dispatch.task_id,
        attempt: 1,
        error: { code: 'input_unavailable', message: 'No such file', retryable: false, stage: null },
      }),
    );
  });
});
