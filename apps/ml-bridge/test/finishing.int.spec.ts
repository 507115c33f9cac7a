import { setTimeout as delay } from 'node:timers/promises';
import {
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  taskCancelRequested,
  type TaskDispatched,
} from '#contracts';
import { eventually } from '#testing';
import type { Job, WorkerEvent } from '#worker-contract';
import { aCatalogueModel, anEvent } from './a-generation.js';
import { artifacts, bridgeOfSuite, hash } from './bridge.js';
import { alsoWithModels } from './more-models.js';
import { Worker } from './worker.js';

const offer = { ...aCatalogueModel().offer, id: 'theirs' };
alsoWithModels(
  aCatalogueModel({ offer, transport: { type: 'amqp', pool: 'gpu' }, finish: true }),
  aCatalogueModel({
    offer: { ...offer, id: 'watched' },
    transport: { type: 'amqp', pool: 'gpu' },
    finish: true,
    stallSeconds: 1,
    stages: [{ name: 'texture', deadlineSeconds: 1, weight: 1 }],
  }),
);

describe('an engine that is not ours', () => {
  let worker: Worker;
  afterAll(() => worker.close()); // before its broker goes
  const bridge = bridgeOfSuite({ WORKER_HEARTBEAT_MS: 1000 });

  beforeAll(async () => {
    worker = await eventually(() => new Worker().connect(bridge.workersBroker.url, ['gpu', 'finish']));
  });

  const said = (job: Job, about: Partial<WorkerEvent>): void =>
    worker.say(anEvent({ task_id: job.task_id, attempt: job.attempt, lease_token: job.lease_token, ...about }));
  const jobFor = (taskId: string, wanted: (job: Job) => boolean): Promise<Job> =>
    eventually(() => {
      const job = worker.jobs.find((one) => one.task_id === taskId && wanted(one));
      if (!job) throw new Error('no such job yet');
      return job;
    });
  const isFinishing = ({ operation }: Job): boolean => operation === 'convert';
  const raw = [{ name: 'raw.glb', format: 'glb', bytes: 12, sha256: hash }];

  const heard = <T>(payloads: T[], taskId: string): T[] =>
    payloads.filter((payload) => (payload as { task_id: string }).task_id === taskId);
  const acceptedTimes = (taskId: string, times: number): Promise<void> =>
    eventually(() => expect(heard(bridge.task.heardOf(generationAccepted), taskId)).toHaveLength(times));

  /** Accepted before anything else is said: two reports at once may be taken in in any order. */
  async function generating(about: Partial<TaskDispatched> = {}, stage?: string): Promise<Job> {
    const { task_id } = await bridge.dispatch({ model: 'theirs', output_formats: ['fbx'], ...about });
    const job = await jobFor(task_id, (one) => !isFinishing(one));
    said(job, { type: 'accepted', ...(stage ? { stage } : {}) });
    await acceptedTimes(task_id, 1);
    return job;
  }

  /** Its engine has delivered, and a finisher has been asked. */
  async function finishing(about: Partial<TaskDispatched> = {}): Promise<{ first: Job; second: Job }> {
    const first = await generating(about);
    said(first, { type: 'succeeded', seq: 2, artifacts: raw });
    return { first, second: await jobFor(first.task_id, isFinishing) };
  }

  it('is asked for one GLB, of which a finisher makes what was asked for', async () => {
    const { first, second } = await finishing({ params: { seed: 7, size_mm: 50 } });
    expect(first.outputs.map(({ name }) => name)).toEqual(['raw.glb']);
    expect(first.params).toMatchObject({ seed: 7 });
    expect(second).toMatchObject({
      attempt: first.attempt,
      params: { size_mm: 50 },
      inputs: [{ name: 'model.glb', url: 'http://store/raw.glb', bytes: 12, sha256: hash }],
    });
    expect(second.lease_token).not.toBe(first.lease_token);
    expect(second.outputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['model.glb', 'model.fbx', 'preview.png']),
    );
    said(second, { type: 'progress', worker_id: 'finisher-1', percent: 50, stage: 'fbx' });
    const steps = (): unknown[][] =>
      heard(bridge.task.heardOf(generationProgressed), first.task_id).map(({ percent, stage }) => [percent, stage]);
    await eventually(() => expect(steps()).toContainEqual([95, 'finish']));
    said(second, {
      type: 'succeeded',
      worker_id: 'finisher-1',
      seq: 1,
      artifacts: [...artifacts, { name: 'model.fbx', format: 'fbx', bytes: 3, sha256: hash }],
    });
    const [success] = await eventually(() => {
      const successes = heard(bridge.task.heardOf(generationSucceeded), first.task_id);
      expect(successes).toHaveLength(1);
      return successes;
    });
    expect(success!.artifacts.map(({ name }) => name)).toEqual(['model.glb', 'preview.png', 'model.fbx']);
    expect(steps()).toContainEqual([90, 'finish']);
  });

  it('is offered only while somebody would finish what it delivers', async () => {
    await eventually(() =>
      expect(bridge.task.heardOf(modelOffered)).toContainEqual(expect.objectContaining({ id: 'theirs', slots: 1 })),
    );
  });

  it('keeps its attempt while its model waits for a finisher', async () => {
    const { first } = await finishing();
    await eventually(() => {
      const steps = heard(bridge.task.heardOf(generationProgressed), first.task_id);
      expect(steps.filter(({ stage }) => stage === 'finish').length).toBeGreaterThan(2);
    });
  });

  it('is not asked again when a finisher falls silent, or shuts down: another one is', async () => {
    const { first, second } = await finishing({ lease_seconds: 5 });
    said(second, { type: 'accepted', worker_id: 'finisher-1' });
    await acceptedTimes(first.task_id, 2);
    const renewals = (): unknown[] => heard(bridge.task.heardOf(generationProgressed), first.task_id);
    const before = renewals().length;
    const third = await jobFor(first.task_id, (job) => isFinishing(job) && job.lease_token !== second.lease_token);
    expect(renewals().length).toBeGreaterThan(before + 1); // nobody has lost the lease before, or meanwhile
    const shutdown = { code: 'shutdown' as const, message: '', retryable: true };
    said(third, { type: 'failed', worker_id: 'finisher-2', error: shutdown });
    const tokens = [second.lease_token, third.lease_token];
    const fourth = await jobFor(first.task_id, (job) => isFinishing(job) && !tokens.includes(job.lease_token));
    said(second, { type: 'succeeded', worker_id: 'finisher-1', seq: 3, artifacts });
    said(fourth, { type: 'canceled', worker_id: 'finisher-3' });
    await eventually(() => expect(heard(bridge.task.heardOf(generationCanceled), first.task_id)).toHaveLength(1));
    expect(heard(bridge.task.heardOf(generationSucceeded), first.task_id)).toEqual([]);
  });

  it('has its finisher believed though the results are taken over for longer than the lease', async () => {
    const { first, second } = await finishing({ lease_seconds: 4 });
    bridge.adopt = () => delay(5500);
    said(second, { type: 'accepted', worker_id: 'finisher-1' });
    said(second, {
      type: 'succeeded',
      worker_id: 'finisher-1',
      seq: 1,
      artifacts: [...artifacts, { name: 'model.fbx', format: 'fbx', bytes: 3, sha256: hash }],
    });
    await eventually(
      () => expect(heard(bridge.task.heardOf(generationSucceeded), first.task_id)).toHaveLength(1),
      20_000,
    );
    expect(worker.jobs.filter((job) => job.task_id === first.task_id && isFinishing(job))).toHaveLength(1);
  });

  it.each([
    [
      'nothing',
      (job: Job): Promise<void> => {
        said(job, { type: 'succeeded', seq: 1, artifacts: artifacts.slice(1) });
        return Promise.resolve();
      },
    ],
    [
      'what nobody can read',
      async (job: Job): Promise<void> => {
        said(job, { type: 'succeeded', seq: 1, artifacts: raw });
        const error = { code: 'bad_input' as const, message: 'not a GLB', retryable: false };
        said(await jobFor(job.task_id, isFinishing), { type: 'failed', worker_id: 'finisher', error });
      },
    ],
  ])('has failed when it delivers %s', async (_, deliver) => {
    const job = await generating();
    await deliver(job);
    const message = 'The engine delivered no usable model';
    await eventually(() =>
      expect(heard(bridge.task.heardOf(generationFailed), job.task_id)).toEqual([
        expect.objectContaining({
          error: expect.objectContaining({ code: 'output_rejected', message, retryable: true }),
        }),
      ]),
    );
  });

  it('stops its finisher when the task is canceled', async () => {
    const { first, second } = await finishing();
    said(second, { type: 'accepted', worker_id: 'finisher-1' });
    const { task_id, attempt } = first;
    await bridge.task.announce(taskCancelRequested, { task_id, attempt, reason: 'user' });
    await eventually(() =>
      expect(worker.controls).toContainEqual(expect.objectContaining({ type: 'cancel', task_id, reason: 'user' })),
    );
  });

  it('is ended when it is heard and gets nowhere', async () => {
    const job = await generating({ model: 'watched' }, 'shape');
    let seq = 1;
    const chatter = setInterval(() => said(job, { type: 'progress', seq: seq++, percent: 5, stage: 'shape' }), 200);
    try {
      await eventually(() =>
        expect(heard(bridge.task.heardOf(generationFailed), job.task_id)).toEqual([
          expect.objectContaining({ error: expect.objectContaining({ code: 'worker_stalled', stage: 'shape' }) }),
        ]),
      );
      await eventually(() => expect(worker.controls).toContainEqual(expect.objectContaining({ task_id: job.task_id })));
    } finally {
      clearInterval(chatter);
    }
  });

  it('is ended when a stage takes longer than it may, though it gets on', async () => {
    const job = await generating({ model: 'watched' }, 'texture');
    let seq = 1;
    const report = (): void => said(job, { type: 'progress', seq, percent: seq++, stage: 'texture' });
    const gettingOn = setInterval(report, 200);
    try {
      await eventually(() =>
        expect(heard(bridge.task.heardOf(generationFailed), job.task_id)).toEqual([
          expect.objectContaining({ error: expect.objectContaining({ code: 'worker_timeout', stage: 'texture' }) }),
        ]),
      );
    } finally {
      clearInterval(gettingOn);
    }
  });
});
