import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import {
  controlExchange,
  exactWorkerEvent,
  type Job,
  jobsQueue,
  type WorkerEvent,
  workerEventsQueue,
} from '#worker-contract';
import { createEngine } from '../src/create-engine.js';
import { EngineConfig } from '../src/engine.config.js';
import { EngineProcess } from '../src/jobs/engine-process.js';
import { JobsService } from '../src/jobs/jobs.service.js';
import { slotOf } from '../src/jobs/slot.js';
import { WorkerClient } from '../src/jobs/worker.client.js';
import { aJob } from './a-job.js';

/** In the place of job-process.js: takes its time. */
const program = `process.on('message', () => setInterval(() => process.send({ type: 'progress', stage: 'model', percent: 1 }), 50));`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('two engines of one pool', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-engine-'));
  const file = path.join(folder, 'program.cjs');
  const engines: { name: string; engine: EngineProcess; jobs: JobsService; worker: WorkerClient }[] = [];
  const events: WorkerEvent[] = [];
  let broker: FreshBroker;
  let connection: ChannelModel;
  let bridge: Channel;

  const start = async (name: string, pool = 'reference'): Promise<void> => {
    const config = Object.assign(new EngineConfig(), {
      ML_RABBITMQ_URL: broker.url,
      WORKER_ID: name,
    });
    const engine = new EngineProcess({ program: file, memoryMb: 256, stallMs: 10_000 });
    const jobs = new JobsService(engine, config);
    const worker = new WorkerClient(config, pool, jobs);
    await worker.onApplicationBootstrap();
    engines.push({ name, engine, jobs, worker });
  };
  const send = (job: Job, headers = {}, pool = 'reference'): void =>
    void bridge.sendToQueue(jobsQueue(pool), Buffer.from(JSON.stringify(job)), { headers });
  const heard = (type: WorkerEvent['type'], { task_id }: Job): Promise<WorkerEvent> =>
    eventually(() => {
      const found = events.find((event) => event.type === type && event.task_id === task_id);
      if (!found) throw new Error(`not ${type} yet`);
      return found;
    });
  const cancel = async (job: Job, worker_id?: string): Promise<void> => {
    const control = {
      v: worker_id ? 2 : 1,
      worker_id,
      type: 'cancel',
      at: new Date().toISOString(),
      task_id: job.task_id,
      attempt: 1,
      reason: 'user',
    };
    bridge.publish(controlExchange, '', Buffer.from(JSON.stringify(control)));
    await heard('canceled', job);
  };
  const idle = (name: string): Promise<void> =>
    eventually(() => expect(engines.find((one) => one.name === name)!.jobs.busy).toBe(false));
  const processOf = (name: string): number | undefined => engines.find((one) => one.name === name)!.engine.pid;

  beforeAll(async () => {
    writeFileSync(file, program);
    broker = await freshBroker();
    connection = await connect(broker.url);
    bridge = await connection.createChannel();
    await bridge.assertExchange(controlExchange, 'fanout');
    await bridge.assertExchange(workerEventsQueue, 'fanout');
    const { queue } = await bridge.assertQueue('', { exclusive: true });
    await bridge.bindQueue(queue, workerEventsQueue, '');
    await bridge.consume(queue, (message) => message && events.push(exactWorkerEvent(message.content)), {
      noAck: true,
    });
    for (const pool of ['reference', 'other', 'small', 'convert']) {
      await bridge.assertQueue(jobsQueue(pool), {
        durable: true,
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 8 },
      });
    }
    await start('engine-1');
    await start('engine-2');
  });

  afterAll(async () => {
    for (const { worker, jobs } of engines) {
      await worker.onModuleDestroy();
      await jobs.onModuleDestroy();
      await worker.onApplicationShutdown();
    }
    await connection.close();
    await broker.drop();
    rmSync(folder, { recursive: true });
  });

  it('leave no job with the one that is busy while the other is idle', async () => {
    const long = aJob();
    send(long);
    const { worker_id: busy } = await heard('accepted', long);
    for (let count = 0; count < 4; count++) {
      const job = aJob();
      send(job);
      const { worker_id: other } = await heard('accepted', job);
      expect(other).not.toBe(busy);
      await cancel(job);
      await idle(other);
    }
  });

  it('stop the one that is named when both have an attempt, and let the other one compute on', async () => {
    await start('engine-3', 'other');
    const job = aJob();
    send(job);
    const { worker_id: first } = await heard('accepted', job);
    const second = 'engine-3';
    send(job, {}, 'other');
    await eventually(() => expect([processOf(first), processOf(second)]).not.toContain(undefined));
    const [going, stopped] = [processOf(first)!, processOf(second)!];
    await cancel(job, second);
    expect((await heard('canceled', job)).worker_id).toBe(second);
    await eventually(() => expect([isAlive(going), isAlive(stopped)]).toEqual([true, false]));
    await delay(500);
    expect([isAlive(going), events.filter(({ type }) => type === 'canceled').at(-1)?.worker_id]).toEqual([
      true,
      second,
    ]);
    await cancel(job);
    await eventually(() => expect(isAlive(going)).toBe(false));
    await idle(first);
  });

  it('leave a job alone that came after its time, and take one with fields that they do not know', async () => {
    const [late, next] = [aJob(), aJob()];
    send(late, { 'x-deadline': Date.now() - 60_000 });
    send({ ...next, surprise: 1 } as Job, { 'x-deadline': Date.now() + 60_000 });
    await heard('accepted', next);
    await cancel(next);
    await eventually(async () => expect(await broker.depthOf(jobsQueue('reference'))).toBe(0));
    expect(events.filter(({ task_id }) => task_id === late.task_id)).toEqual([]);
  });

  it('are two where one program serves two pools: neither waits for the other, and a cancel ends one of them', async () => {
    const config = Object.assign(new EngineConfig(), {
      ML_RABBITMQ_URL: broker.url,
      WORKER_ID: 'engine-4',
      ENGINE_POOLS: 'small,convert,small',
      LOG_LEVEL: 'silent',
    });
    const engine = await createEngine(config, file);
    await engine.init();
    const processes = ['small', 'convert'].map((pool) => engine.get<EngineProcess>(slotOf(pool).process));
    const pids = (): (number | undefined)[] => processes.map(({ pid }) => pid);
    const [first, second] = [aJob(), aJob()];
    send(first, {}, 'small');
    await heard('accepted', first);
    await eventually(() => expect(pids()).toEqual([expect.any(Number), undefined]));
    send(second, {}, 'convert');
    expect((await heard('accepted', second)).worker_id).toBe('engine-4');
    await eventually(() => expect(pids()).toEqual([expect.any(Number), expect.any(Number)]));
    const going = pids()[1]!;
    await cancel(first);
    expect(isAlive(going)).toBe(true);
    await engine.close();
    expect((await heard('failed', second)).error?.code).toBe('shutdown');
    expect(pids()).toEqual([undefined, undefined]);
  });
});
