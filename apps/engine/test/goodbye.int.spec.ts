import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'amqplib';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import { controlExchange, type Job, jobsQueue, workerEventsQueue } from '#worker-contract';
import { FaultProxy } from '../../../tools/faults/proxy/fault-proxy.js';
import { createEngine } from '../src/create-engine.js';
import { EngineConfig } from '../src/engine.config.js';
import { EngineProcess } from '../src/jobs/engine-process.js';

/** In the place of job-process.js: computes and never ends. */
const program = `process.on('message', () => { for (;;); });`;
const job: Job = {
  v: 1,
  task_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab',
  attempt: 1,
  lease_token: 'x'.repeat(32),
  operation: 'text_to_3d',
  params: {},
  inputs: [],
  outputs: [{ name: 'model.glb', format: 'glb', url: 'http://store/model.glb', max_bytes: 1000 }],
  deadline_at: '2036-01-01T00:00:00Z',
  budget_ms: 60_000,
  heartbeat_ms: 1000,
};

describe('an engine that is told to end while a job runs', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-engine-'));
  const file = path.join(folder, 'program.cjs');
  let broker: FreshBroker;
  let proxy: FaultProxy;

  beforeAll(async () => {
    writeFileSync(file, program);
    broker = await freshBroker();
    const connection = await connect(broker.url);
    const bridge = await connection.createChannel();
    await bridge.assertExchange(controlExchange, 'fanout');
    await bridge.assertExchange(workerEventsQueue, 'fanout');
    const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
    await bridge.assertQueue(jobsQueue('reference'), quorum);
    await connection.close();
  });

  beforeEach(async () => {
    const { hostname, port } = new URL(broker.url);
    proxy = await FaultProxy.open({ host: hostname, port: Number(port) });
  });

  afterEach(() => proxy.close());

  afterAll(async () => {
    await broker.drop();
    rmSync(folder, { recursive: true });
  });

  const computing = async (): Promise<NestFastifyApplication> => {
    const url = new URL(broker.url);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const config = Object.assign(new EngineConfig(), { ML_RABBITMQ_URL: url.toString(), LOG_LEVEL: 'silent' });
    const app = await createEngine(config, file);
    await app.init();
    const connection = await connect(broker.url);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(jobsQueue('reference'), Buffer.from(JSON.stringify(job)));
    await channel.waitForConfirms();
    await connection.close();
    await eventually(() => expect(app.get(EngineProcess).pid).toBeDefined());
    return app;
  };

  it.each([
    ['is gone', () => (proxy.disturb({ refuse: true }), proxy.resetAll())],
    ['does not answer', () => proxy.disturb({ halfOpen: true })],
  ])(
    'has ended within twenty seconds though the broker %s',
    async (_, disturb) => {
      const app = await computing();
      disturb();
      const begun = Date.now();
      await app.close();
      expect(Date.now() - begun).toBeLessThan(20_000);
      expect(app.get(EngineProcess).pid).toBeUndefined();
    },
    60_000,
  );
});
