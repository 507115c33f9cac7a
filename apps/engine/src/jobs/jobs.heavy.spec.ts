import childProcess, { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '#testing';
import type { Control, Job, WorkerEvent } from '#worker-contract';
import { aJob } from '../../test/a-job.js';
import { EngineConfig } from '../engine.config.js';
import { EngineProcess } from './engine-process.js';
import { JobsService } from './jobs.service.js';

/** A program in the place of job-process.js that does what the job's prompt says. */
const program = `
process.on('message', ({ job }) => {
  const say = (message) => process.send(message);
  const done = { type: 'done', artifacts: [], metrics: { pid: process.pid } };
  const acts = {
    succeed: () => { say({ type: 'progress', stage: 'model', percent: 50 }); say(done); },
    crash: () => process.exit(7),
    abort: () => process.abort(),
    hang: () => { say({ type: 'progress', stage: 'model', percent: 1 }); for (;;); },
    slow: () => { let n = 0; setInterval(() => say({ type: 'progress', stage: 'model', percent: ++n }), 50); },
    fail: () => say({ type: 'failed', error: { code: 'bad_input', message: 'nothing there', retryable: false } }),
  };
  acts[job.params.prompt]();
});`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const prompted = (prompt: string, about: Partial<Job> = {}): Job => aJob({ params: { prompt }, ...about });

describe('a job in the engine', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-engine-'));
  const file = path.join(folder, 'program.cjs');
  let engine: EngineProcess;
  let jobs: JobsService;
  let events: WorkerEvent[];

  const begin = (stallMs: number): void => {
    engine = new EngineProcess({ program: file, memoryMb: 256, stallMs });
    jobs = new JobsService(engine, Object.assign(new EngineConfig(), { WORKER_ID: 'worker-1' }));
  };
  const send = async (event: WorkerEvent): Promise<void> => void events.push(event);
  const cancelOf = ({ task_id, attempt }: Job) =>
    ({ type: 'cancel', at: '', task_id, attempt, reason: 'user' }) as const;
  const cancel = (job: Job): Control => ({ v: 1, ...cancelOf(job) });
  const until = async (type: WorkerEvent['type'], { task_id }: Job): Promise<WorkerEvent> => {
    for (;;) {
      const found = events.find((event) => event.type === type && event.task_id === task_id);
      if (found) return found;
      await delay(10);
    }
  };

  beforeAll(() => writeFileSync(file, program));
  beforeEach(() => {
    events = [];
    begin(20_000);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await jobs.onModuleDestroy();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is accepted, makes progress and succeeds, in numbered events that prove whose it is', async () => {
    const job = prompted('succeed');
    await jobs.take(job, send);
    await until('succeeded', job);
    expect(events.map(({ type, seq }) => [type, seq])).toEqual([
      ['accepted', 0],
      ['progress', 1],
      ['succeeded', 2],
    ]);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(3);
    expect(events[2]).toMatchObject({ lease_token: job.lease_token, worker_id: 'worker-1', stage: 'model' });
  });

  it('keeps its process warm for the next one', async () => {
    const [first, second] = [prompted('succeed'), prompted('succeed')];
    await jobs.take(first, send);
    await jobs.take(second, send);
    const ends = [await until('succeeded', first), await until('succeeded', second)];
    expect(ends[0]!.metrics).toEqual(ends[1]!.metrics);
  });

  it.each(['slow', 'hang'])('really stops when it is canceled, whatever it does (%s)', async (prompt) => {
    const job = prompted(prompt);
    await jobs.take(job, send);
    await until('progress', job);
    const pid = engine.pid!;
    expect(isAlive(pid)).toBe(true);
    jobs.obey(cancel(job));
    await until('canceled', job);
    await eventually(() => expect(isAlive(pid)).toBe(false));
    const next = prompted('succeed');
    await jobs.take(next, send);
    await until('succeeded', next);
  });

  it('goes on when another engine is told to stop it, and stops when this one is', async () => {
    const job = prompted('slow');
    await jobs.take(job, send);
    await until('progress', job);
    const pid = engine.pid!;
    jobs.obey({ ...cancelOf(job), v: 2, worker_id: 'worker-2' });
    await delay(300);
    expect([isAlive(pid), events.some(({ type }) => type === 'canceled')]).toEqual([true, false]);
    jobs.obey({ ...cancelOf(job), v: 2, worker_id: 'worker-1' });
    await until('canceled', job);
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });

  it('is not begun when its budget was over before its turn', async () => {
    const [first, second] = [prompted('slow'), prompted('succeed', { budget_ms: 200 })];
    const run = jest.spyOn(engine, 'run');
    await jobs.take(first, send);
    const taken = jobs.take(second, send);
    await delay(300);
    jobs.obey(cancel(first));
    await taken;
    expect((await until('failed', second)).error?.code).toBe('deadline_exceeded');
    expect(run.mock.calls.map(([{ task_id }]) => task_id)).toEqual([first.task_id]);
  });

  it('never starts when its cancel came first', async () => {
    const job = prompted('slow');
    jobs.obey(cancel(job));
    await jobs.take(job, send);
    await until('canceled', job);
    expect(events.some(({ type }) => type === 'progress')).toBe(false);
    expect(engine.pid).toBeUndefined();
  });

  it.each([
    ['fail', 'bad_input', false],
    ['crash', 'internal', true],
    ['abort', 'out_of_memory', false],
  ])('that ends by %s is reported as %s', async (prompt, code, retryable) => {
    const job = prompted(prompt);
    await jobs.take(job, send);
    expect((await until('failed', job)).error).toMatchObject({ code, retryable });
  });

  it('that makes no progress any more is reported as internal', async () => {
    begin(1500);
    const job = prompted('hang');
    await jobs.take(job, send);
    expect((await until('failed', job)).error).toMatchObject({ code: 'internal', retryable: true });
  });

  it('ends at its deadline', async () => {
    const job = prompted('slow', { budget_ms: 300 });
    await jobs.take(job, send);
    expect((await until('failed', job)).error?.code).toBe('deadline_exceeded');
  });

  it('repeats its progress as a heartbeat', async () => {
    const job = prompted('hang', { heartbeat_ms: 200 });
    await jobs.take(job, send);
    await eventually(() => expect(events.filter(({ stage }) => stage === 'model').length).toBeGreaterThan(3));
  });

  it('is handed back when the engine shuts down', async () => {
    const job = prompted('slow');
    await jobs.take(job, send);
    await until('progress', job);
    await jobs.onModuleDestroy();
    expect((await until('failed', job)).error).toMatchObject({ code: 'shutdown', retryable: true });
  });

  it('is not taken any more by an engine that shuts down', async () => {
    await jobs.onModuleDestroy();
    await expect(jobs.take(prompted('slow'), send)).rejects.toThrow('shutting down');
    expect(events).toEqual([]);
    expect(engine.pid).toBeUndefined();
  });

  it('is done once though the broker delivers it again, and its cancel still reaches it', async () => {
    const job = prompted('slow');
    await jobs.take(job, send);
    await until('progress', job);
    await jobs.take(job, send);
    jobs.obey(cancel(job));
    await until('canceled', job);
    await delay(300);
    expect(events.filter(({ type }) => type === 'accepted' || type === 'canceled')).toHaveLength(2);
  });

  it.each([
    ['cannot be found', () => fork('', { execPath: '/nonexistent' })],
    [
      'gets no memory',
      () => {
        throw new Error('spawn ENOMEM');
      },
    ],
  ])('fails when its process %s, and the next one gets another process', async (_, start) => {
    jest.spyOn(childProcess, 'fork').mockImplementationOnce(start);
    const [first, second] = [prompted('succeed', { heartbeat_ms: 50 }), prompted('succeed')];
    await jobs.take(first, send);
    expect((await until('failed', first)).error).toMatchObject({ code: 'internal', retryable: true });
    const told = events.length;
    await delay(200);
    expect(events).toHaveLength(told);
    await jobs.take(second, send);
    await until('succeeded', second);
  });

  it('waits for its turn', async () => {
    const [first, second] = [prompted('slow'), prompted('succeed')];
    await jobs.take(first, send);
    const taken = jobs.take(second, send);
    await delay(200);
    expect(events.some(({ task_id }) => task_id === second.task_id)).toBe(false);
    jobs.obey(cancel(first));
    await taken;
    await until('succeeded', second);
  });
});
