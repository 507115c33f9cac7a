import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import {
  controlExchange,
  type Job,
  jobsQueue,
  parseWorkerEvent,
  type WorkerEvent,
  workerEventsQueue,
} from '#worker-contract';
import { EngineConfig } from '../src/engine.config.js';
import { EngineProcess } from '../src/jobs/engine-process.js';
import { JobsService } from '../src/jobs/jobs.service.js';
import { WorkerClient } from '../src/jobs/worker.client.js';

/** In the place of job-process.js: takes its time. */
const program = `process.on('message', () => setInterval(() => process.send({ type: 'progress', stage: 'model', percent: 1 }), 50));`;

let taskCount = 0;
const aJob = (): Job => ({
  v: 1,
  task_id: `0192f0c1-2a3b-7c4d-8e5f-${String(++taskCount).padStart(12, '0')}`,
  attempt: 1,
  lease_token: 'x'.repeat(32),
  operation: 'text_to_3d',
  params: {},
  inputs: [],
  outputs: [{ name: 'model.glb', format: 'glb', url: 'http://store/model.glb', max_bytes: 1000 }],
  deadline_at: '2036-01-01T00:00:00Z',
  budget_ms: 60_000,
  heartbeat_ms: 1000,
});

describe('two engines of one pool', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-engine-'));
  const file = path.join(folder, 'program.cjs');
  const engines: { jobs: JobsService; worker: WorkerClient }[] = [];
  const events: WorkerEvent[] = [];
  let broker: FreshBroker;
  let connection: ChannelModel;
  let bridge: Channel;

  const start = async (name: string): Promise<void> => {
    const config = Object.assign(new EngineConfig(), { ML_RABBITMQ_URL: broker.url, WORKER_ID: name });
    const jobs = new JobsService(new EngineProcess({ program: file, memoryMb: 256, stallMs: 10_000 }), config);
    const worker = new WorkerClient(config, jobs);
    await worker.onApplicationBootstrap();
    engines.push({ jobs, worker });
  };
  const send = (job: Job): void => void bridge.sendToQueue(jobsQueue('reference'), Buffer.from(JSON.stringify(job)));
  const heard = (type: WorkerEvent['type'], { task_id }: Job): Promise<WorkerEvent> =>
    eventually(() => {
      const found = events.find((event) => event.type === type && event.task_id === task_id);
      if (!found) throw new Error(`not ${type} yet`);
      return found;
    }, 3000);
  const cancel = async (job: Job): Promise<void> => {
    const control = {
      v: 1,
      type: 'cancel',
      at: new Date().toISOString(),
      task_id: job.task_id,
      attempt: 1,
      reason: 'user',
    };
    bridge.publish(controlExchange, '', Buffer.from(JSON.stringify(control)));
    await heard('canceled', job);
  };

  beforeAll(async () => {
    writeFileSync(file, program);
    broker = await freshBroker();
    connection = await connect(broker.url);
    bridge = await connection.createChannel();
    await bridge.assertExchange(controlExchange, 'fanout');
    await bridge.assertExchange(workerEventsQueue, 'fanout');
    const { queue } = await bridge.assertQueue('', { exclusive: true });
    await bridge.bindQueue(queue, workerEventsQueue, '');
    await bridge.consume(queue, (message) => message && events.push(parseWorkerEvent(message.content)), {
      noAck: true,
    });
    await bridge.assertQueue(jobsQueue('reference'), {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 8 },
    });
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
      expect((await heard('accepted', job)).worker_id).not.toBe(busy);
      await cancel(job);
    }
  });
});
