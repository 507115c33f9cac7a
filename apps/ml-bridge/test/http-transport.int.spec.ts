import {
  generationAccepted,
  generationCanceled,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  taskCancelRequested,
} from '#contracts';
import { eventually } from '#testing';
import { artifacts } from './bridge.js';
import { eventsOf } from './bridge.js';
import { acceptedOverHttp, aWorker, dispatch, httpBridgeOfSuite } from './http-suite.js';

describe('a worker that comes over HTTP', () => {
  const bridge = httpBridgeOfSuite();

  it('is counted as a slot of its model', async () => {
    await aWorker(bridge).lease(0);
    await eventually(() =>
      expect(bridge.task.heardOf(modelOffered)).toContainEqual(expect.objectContaining({ id: 'gpu', slots: 1 })),
    );
  });

  it('takes an attempt from its job to its artifacts', async () => {
    const worker = aWorker(bridge);
    const waiting = worker.lease(20);
    const { task_id, attempt: number } = await dispatch(bridge);
    const job = await waiting;
    const attempt = { task_id, attempt: number };
    expect(job).toMatchObject({ ...attempt, operation: 'text_to_3d', model: 'gpu' });
    const eventOf = eventsOf(job!);
    expect(await worker.report(eventOf({ type: 'accepted' }))).toMatchObject({ status: 200, body: { ok: true } });
    await worker.report(eventOf({ type: 'progress', percent: 40, stage: 'shape' }));
    await worker.report(eventOf({ type: 'succeeded', artifacts }));
    await eventually(() => {
      expect(bridge.task.heardOf(generationAccepted)).toContainEqual(attempt);
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 40, stage: 'shape' });
      expect(bridge.task.heardOf(generationSucceeded)).toContainEqual(expect.objectContaining(attempt));
    });
    expect(await bridge.schema.query('SELECT * FROM jobs')).toEqual([]);
  });

  it('is told to stop in the answer to its report', async () => {
    const { worker, attempt, eventOf } = await acceptedOverHttp(bridge);
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    await eventually(async () =>
      expect(await worker.report(eventOf({ type: 'progress', percent: 5 }))).toMatchObject({
        status: 200,
        body: { cancel: 'user' },
      }),
    );
    expect(await worker.report(eventOf({ type: 'canceled' }))).toMatchObject({ status: 200, body: { ok: true } });
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attempt));
  });

  it('is not handed a job that was canceled before: its attempt is over at once', async () => {
    const { task_id, attempt } = await dispatch(bridge);
    await eventually(async () => expect(await bridge.schema.query('SELECT 1 FROM jobs')).toHaveLength(1));
    await bridge.task.announce(taskCancelRequested, { task_id, attempt, reason: 'user' });
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual({ task_id, attempt }));
    expect(await aWorker(bridge).lease(0)).toBeNull();
  });

  it('may say everything twice and is answered the same', async () => {
    const { worker, attempt, eventOf } = await acceptedOverHttp(bridge);
    const success = eventOf({ type: 'succeeded', artifacts });
    const answers = await Promise.all([success, success].map((event) => worker.report(event)));
    answers.push(await worker.report(success));
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 200, body: { ok: true } }) as unknown));
    const ends = () => bridge.task.heardOf(generationSucceeded).filter(({ task_id }) => task_id === attempt.task_id);
    await eventually(() => expect(ends()).toHaveLength(1));
  });

  it('may say twice that it delivered what another one finishes', async () => {
    const { worker, eventOf } = await acceptedOverHttp(bridge, 'other');
    const success = eventOf({ type: 'succeeded', artifacts: [{ ...artifacts[0]!, name: 'raw.glb' }] });
    for (const event of [success, success]) expect(await worker.report(event)).toMatchObject({ body: { ok: true } });
    const another = eventOf({ type: 'succeeded', artifacts: success.artifacts! });
    expect(await worker.report(another)).toMatchObject({ status: 409 });
  });

  it('goes on after the bridge was restarted, and one that waits then is sent away to come again', async () => {
    const { worker, attempt, eventOf } = await acceptedOverHttp(bridge);
    const another = aWorker(bridge);
    const waiting = another.lease(30);
    await eventually(async () =>
      expect(
        await bridge.schema.query('SELECT 1 FROM worker_sightings WHERE worker_id = $1', [another.id]),
      ).toHaveLength(1),
    );
    await bridge.restart();
    expect(await waiting).toBeNull();
    expect(await worker.report(eventOf({ type: 'progress', percent: 50 }))).toMatchObject({ body: { ok: true } });
    await worker.report(eventOf({ type: 'succeeded', artifacts }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationSucceeded)).toContainEqual(expect.objectContaining(attempt)),
    );
  });
});
