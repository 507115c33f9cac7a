import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'amqplib';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import { controlExchange, jobsQueue, workerEventsQueue } from '#worker-contract';
import { FaultProxy } from '../../../tools/faults/proxy/fault-proxy.js';
import { createEngine } from '../src/create-engine.js';
import { EngineConfig } from '../src/engine.config.js';
import type { EngineProcess } from '../src/jobs/engine-process.js';
import { slotOf } from '../src/jobs/slot.js';
import { aJob } from './a-job.js';

/** In the place of job-process.js: computes and never ends. */
const program = `process.on('message', () => { for (;;); });`;

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
    for (const pool of ['reference', 'convert']) await bridge.assertQueue(jobsQueue(pool), quorum);
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
    const ENGINE_POOLS = 'reference,convert';
    const config = Object.assign(new EngineConfig(), {
      ML_RABBITMQ_URL: url.toString(),
      ENGINE_POOLS,
      LOG_LEVEL: 'silent',
    });
    const app = await createEngine(config, file);
    await app.init();
    const connection = await connect(broker.url);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(jobsQueue('reference'), Buffer.from(JSON.stringify(aJob())));
    await channel.waitForConfirms();
    await connection.close();
    await eventually(() => expect(processOf(app).pid).toBeDefined());
    return app;
  };

  const processOf = (app: NestFastifyApplication): EngineProcess => app.get(slotOf('reference').process);

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
      expect(processOf(app).pid).toBeUndefined();
    },
    60_000,
  );
});
