import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import {
  type Attempt,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  modelOffered,
  taskCancelRequested,
} from '#contracts';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import { describeWith } from '../../../tools/debian/describe-with.js';
import { type ThrowawayRedis, throwawayRedis } from '../../../tools/local-stack/redis/throwaway-redis.js';
import { CatalogueService } from '../src/catalogue/catalogue.service.js';
import type { CatalogueModel } from '../src/catalogue/catalogue-model.js';
import { sealed } from '../src/transports/celery/redis/redis-envelope.js';
import { aCatalogueModel } from './a-generation.js';
import { artifacts, Bridge } from './bridge.js';
import { forWorkers } from './celery-rights.js';
import { CeleryWorkers, queue } from './celery-workers.js';

const heartbeatMs = 1000;
const poison = { headers: { lang: 'py', task: 'plain.generate', id: randomUUID() }, body: '{"not": "a triple"}' };

/** What is particular to a broker in these tests. */
interface Broker {
  url: () => string;
  model: string;
  /** Puts a message into the queue of the workers that they die of. */
  poison: () => Promise<void>;
  /** How many tasks no worker has taken. */
  waiting: () => Promise<number>;
  /** How much was put aside. */
  dead: () => Promise<number>;
  breakConnections: () => Promise<void>;
}

describeWith(['python', 'redis'], 'workers of Celery that know nothing of us', () => {
  const bridge = new Bridge();
  let redis: ThrowawayRedis;
  let theirs: FreshBroker;
  const workers: Record<string, CeleryWorkers> = {};

  const rabbitmq: Broker = {
    url: () => theirs.url,
    model: 'on-rabbitmq',
    poison: () => {
      const { headers, body } = poison;
      return theirs.put(queue, body, { headers, contentType: 'application/json', contentEncoding: 'utf-8' });
    },
    waiting: async () => (await theirs.depthOf(queue)) ?? 0,
    dead: async () => (await theirs.depthOf('ml.dead')) ?? 0,
    breakConnections: () => theirs.dropConnections(),
  };

  const inRedis: Broker = {
    url: () => redis.url,
    model: 'on-redis',
    poison: async () => void (await command('LPUSH', queue, sealed(poison, queue, randomUUID()))),
    waiting: async () => Number(await command('LLEN', queue)),
    dead: async () => Number(await command('LLEN', 'ml.dead')),
    breakConnections: () => redis.server.restart(),
  };

  async function command(...words: string[]): Promise<unknown> {
    const client = await createClient({ url: redis.url }).connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  const brokers = [rabbitmq, inRedis];

  const modelOn = ({ model, url }: Broker, id = model, task = 'plain.generate'): CatalogueModel => {
    const { offer } = aCatalogueModel();
    return aCatalogueModel({ offer: { ...offer, id }, transport: { type: 'celery', brokerUrl: url(), queue, task } });
  };

  const slotsOf = ({ model }: Broker): number | undefined =>
    bridge.task.heardOf(modelOffered).findLast(({ id }) => id === model)?.slots;

  beforeAll(async () => {
    [redis, theirs] = await Promise.all([throwawayRedis(), freshBroker()]);
    jest.spyOn(CatalogueService.prototype, 'all').mockImplementation(() => [
      ...['reference', 'convert'].map((pool) => aCatalogueModel({ transport: { type: 'amqp', pool } })), // what the bridge of the tests listens to
      ...brokers.flatMap((it) => [modelOn(it), modelOn(it, `${it.model}-silent`, 'plain.silent')]),
    ]);
    await bridge.start({ WORKER_HEARTBEAT_MS: heartbeatMs });
    for (const broker of brokers) {
      const url = broker === rabbitmq ? await forWorkers(broker.url()) : broker.url();
      workers[broker.model] = new CeleryWorkers(url);
      await workers[broker.model]!.keep();
    }
    for (const broker of brokers) await eventually(() => expect(slotsOf(broker)).toBe(2), 20_000);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(Object.values(workers).map((it) => it.stop()));
    await bridge.stop();
    await Promise.all([redis.stop(), theirs.drop()]);
    jest.restoreAllMocks();
  });

  async function dispatch(model: string, plan: object): Promise<Attempt> {
    const { task_id, attempt } = await bridge.dispatch({ model, prompt: JSON.stringify(plan) });
    return { task_id, attempt };
  }

  /** What was heard of it until it was taken over. */
  const progressOf = ({ task_id }: Attempt) =>
    bridge.task.heardOf(generationProgressed).filter((it) => it.task_id === task_id && it.stage !== 'store');

  const expectAccepted = (attempt: Attempt) =>
    eventually(() => expect(bridge.task.heardOf(generationAccepted)).toContainEqual(attempt));
  const expectSucceeded = (attempt: Attempt, limitMs?: number) =>
    eventually(
      () => expect(bridge.task.heardOf(generationSucceeded)).toContainEqual(expect.objectContaining(attempt)),
      limitMs,
    );
  const expectCanceled = (attempt: Attempt, limitMs?: number) =>
    eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attempt), limitMs);

  const expectFailed = (attempt: Attempt, error: object) =>
    eventually(() => expect(bridge.task.heardOf(generationFailed)).toContainEqual({ ...attempt, error }));

  /** On RabbitMQ and on Redis, at the same time. */
  const both = async (test: (broker: Broker) => Promise<void>): Promise<void> => {
    await Promise.all(brokers.map(test));
  };

  it('report what they do, and deliver', () =>
    both(async ({ model }) => {
      const attempt = await dispatch(model, { do: 'report' });
      await expectSucceeded(attempt);
      expect(bridge.task.heardOf(generationAccepted)).toContainEqual(attempt);
      expect(progressOf(attempt)).toEqual([
        { ...attempt, percent: 20, stage: 'shape' },
        { ...attempt, percent: 75, stage: 'painting' },
      ]);
      const [success] = bridge.task.heardOf(generationSucceeded).filter(({ task_id }) => task_id === attempt.task_id);
      expect(success?.artifacts.map(({ name }) => name)).toEqual(artifacts.map(({ name }) => name));
    }));

  it.each([
    ['memory', 'out_of_memory'],
    ['value', 'model_error'],
  ])('fail with a code and words of ours (%s)', (what, code) =>
    both(async ({ model }) => {
      const attempt = await dispatch(model, { do: 'raise', what });
      const message = expect.not.stringContaining('SECRET') as string;
      await expectFailed(attempt, { code, retryable: true, message, stage: null });
    }),
  );

  it('deliver nothing when their result is not what it should be', () =>
    both(async ({ model }) => {
      const attempt = await dispatch(model, { do: 'lie' });
      await expectFailed(attempt, expect.objectContaining({ code: 'output_rejected' }) as object);
    }));

  it('stop in the middle of what is canceled', () =>
    both(async ({ model }) => {
      const attempt = await dispatch(model, { do: 'wait', gate: 'never' });
      await expectAccepted(attempt);
      await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
      await expectCanceled(attempt);
    }));

  it('keep an attempt though they say nothing of it, not even that they have begun', () =>
    both(async ({ model }) => {
      const gate = randomUUID();
      const attempt = await dispatch(`${model}-silent`, { do: 'wait', gate });
      await expectAccepted(attempt);
      await eventually(() => expect(progressOf(attempt)).not.toEqual([]));
      expect(progressOf(attempt)[0]).toEqual({ ...attempt, percent: 0, stage: null });
      workers[model]!.open(gate);
      await expectSucceeded(attempt);
    }));

  it('are heard although the bridge was away when they finished', async () => {
    const gate = randomUUID();
    const attempts = await Promise.all(brokers.map(({ model }) => dispatch(model, { do: 'wait', gate })));
    await Promise.all(attempts.map(expectAccepted));
    for (const it of Object.values(workers)) it.open(gate);
    await bridge.restart();
    await Promise.all(attempts.map((attempt) => expectSucceeded(attempt)));
  });

  it('are told again to stop what was canceled while none of them was there', () =>
    both(async ({ model, waiting }) => {
      await workers[model]!.end();
      const attempt = await dispatch(model, { do: 'wait', gate: 'never' });
      await eventually(async () => expect(await waiting()).toBe(1));
      await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
      await workers[model]!.keep();
      await expectCanceled(attempt, 20_000);
    }));

  it('get over a message that kills each of them', () =>
    both(async ({ model, poison: sendPoison, dead }) => {
      const { starts } = workers[model]!;
      const before = await dead();
      await sendPoison();
      await eventually(async () => expect(await dead()).toBe(before + 1), 20_000);
      await eventually(() => expect(workers[model]!.starts).toBeGreaterThan(starts));
      await expectSucceeded(await dispatch(model, { do: 'report' }), 20_000);
    }));

  it('are found again when the broker was away', () =>
    both(async (broker) => {
      await broker.breakConnections();
      await eventually(async () => expectSucceeded(await dispatch(broker.model, { do: 'report' }), 3000), 20_000);
      await eventually(() => expect(slotsOf(broker)).toBe(2), 20_000);
    }));

  it('count for nothing while their broker is down', async () => {
    await redis.server.stop();
    await eventually(() => expect(slotsOf(inRedis)).toBe(0));
    expect(slotsOf(rabbitmq)).toBe(2);
  });
});
