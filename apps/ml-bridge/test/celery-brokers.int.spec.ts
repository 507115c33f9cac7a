import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import { ContractViolation } from '#worker-contract';
import { describeWith } from '../../../tools/debian/describe-with.js';
import { type ThrowawayRedis, throwawayRedis } from '../../../tools/local-stack/redis/throwaway-redis.js';
import type { BrokerListener, CeleryBroker } from '../src/transports/celery/celery-broker.js';
import { resultsQueue, type TaskMessage, taskMessage } from '../src/transports/celery/messages/celery-task.js';
import { RabbitmqBroker } from '../src/transports/celery/rabbitmq/rabbitmq-broker.client.js';
import { RedisBroker } from '../src/transports/celery/redis/redis-broker.client.js';
import { opened, sealed } from '../src/transports/celery/redis/redis-envelope.js';
import { aJob } from './a-job.js';

const aTask = (queue: string): TaskMessage =>
  taskMessage({ type: 'celery', brokerUrl: '', queue, task: 'ml.generate' }, aJob(), 30_000, new Date());

/** What was heard, and how it is taken. */
class Listener implements BrokerListener {
  readonly heard: string[] = [];
  take: () => void = () => undefined;

  onResult = (body: string): Promise<void> => {
    this.heard.push(body);
    return Promise.resolve().then(this.take);
  };

  onAnswer = (): void => undefined;
}

const unreadable = (): never => {
  throw new ContractViolation('not a result');
};

/** Fails once. */
function busyOnce(): () => void {
  let calls = 0;
  return () => {
    if (++calls === 1) throw new Error('the database is away');
  };
}

const opens = async (broker: CeleryBroker): Promise<void> => {
  await broker.open();
  await eventually(() => expect(broker.reachable).toBe(true));
};

const closes = async (broker: CeleryBroker): Promise<void> => {
  await broker.stopReading();
  await broker.close();
};

describe('Celery through RabbitMQ', () => {
  let vhost: FreshBroker;
  let connection: ChannelModel;
  let channel: Channel;
  let broker: RabbitmqBroker;
  let listener: Listener;

  beforeAll(async () => {
    vhost = await freshBroker();
    connection = await connect(vhost.url);
    channel = await connection.createChannel();
  });
  beforeEach(() => {
    listener = new Listener();
    broker = new RabbitmqBroker(vhost.url, listener);
    return opens(broker);
  });
  afterEach(() => closes(broker));
  afterAll(async () => {
    await connection.close();
    await vhost.drop();
  });

  const say = (body: string): boolean => channel.sendToQueue(resultsQueue, Buffer.from(body));

  it('takes a result in again that could not be taken in', async () => {
    listener.take = busyOnce();
    say('a');
    await eventually(() => expect(listener.heard).toEqual(['a', 'a']));
  });

  it('parks a result that cannot be read', async () => {
    listener.take = unreadable;
    const before = (await vhost.depthOf('ml.dead')) ?? 0;
    say('b');
    await eventually(async () => expect(await vhost.depthOf('ml.dead')).toBe(before + 1));
    expect(listener.heard).toEqual(['b']);
  });

  it('uses a queue that somebody else has made in his own way', async () => {
    await channel.assertQueue('theirs', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await expect(eventually(() => broker.send(aTask('theirs')))).resolves.toBeUndefined();
    await eventually(async () => expect(await broker.look('theirs')).toEqual({ waiting: 1, consumers: 0 }));
  });

  it('takes poison from between good tasks, which keep their order', async () => {
    const queue = 'poisoned';
    const good = [1, 2, 3].map((attempt) =>
      taskMessage({ type: 'celery', brokerUrl: '', queue, task: 'x' }, aJob({ attempt }), 30_000, new Date()),
    );
    await broker.look(queue);
    for (const task of good) {
      await broker.send(task);
      channel.sendToQueue(queue, Buffer.from('{}'), { headers: { task: 'x' }, contentType: 'application/json' });
      await eventually(async () => expect((await broker.look(queue))!.waiting % 2).toBe(0));
    }
    expect(await broker.removePoison(queue)).toBe(3);
    await eventually(async () => expect(await broker.look(queue)).toEqual({ waiting: 3, consumers: 0 }));
    for (const { id } of good) {
      const message = await channel.get(queue, { noAck: true });
      expect(message && message.properties.correlationId).toBe(id);
    }
  });

  it('says so when a task did not get there', async () => {
    await closes(broker);
    await expect(broker.send(aTask('plain'))).rejects.toThrow('the broker cannot be reached');
    expect(broker.reachable).toBe(false);
  });
});

describeWith(['redis'], 'Celery through Redis', () => {
  let redis: ThrowawayRedis;
  let client: ReturnType<typeof createClient>;
  let listener: Listener;
  let broker: RedisBroker;

  beforeAll(async () => {
    redis = await throwawayRedis();
    client = createClient({ url: redis.url });
    client.on('error', () => undefined);
    await client.connect();
  });
  beforeEach(async () => {
    await client.flushAll();
    listener = new Listener();
    broker = new RedisBroker(redis.url, listener);
  });
  afterEach(() => closes(broker));
  afterAll(async () => {
    client.destroy();
    await redis.stop();
  });

  const result = (body: string): string => sealed({ headers: {}, body }, resultsQueue, randomUUID());
  const left = () =>
    Promise.all([resultsQueue, `${resultsQueue}.processing`, 'ml.dead'].map((list) => client.lLen(list)));

  it('takes results in, in their order, and keeps none', async () => {
    for (const body of ['a', 'b', 'c']) await client.lPush(resultsQueue, result(body));
    await opens(broker);
    await eventually(() => expect(listener.heard).toEqual(['a', 'b', 'c']));
    await eventually(async () => expect(await left()).toEqual([0, 0, 0]));
  });

  it('takes in what a bridge that died had read, before what came after', async () => {
    for (const body of ['a', 'b']) await client.lPush(`${resultsQueue}.processing`, result(body));
    await client.lPush(resultsQueue, result('c'));
    await opens(broker);
    await eventually(() => expect(listener.heard).toEqual(['a', 'b', 'c']));
    await eventually(async () => expect(await left()).toEqual([0, 0, 0]));
  });

  it('takes a result in again that could not be taken in', async () => {
    listener.take = busyOnce();
    await opens(broker);
    await client.lPush(resultsQueue, result('a'));
    await eventually(() => expect(listener.heard).toEqual(['a', 'a']));
    await eventually(async () => expect(await left()).toEqual([0, 0, 0]));
  });

  it('puts aside what cannot be read', async () => {
    listener.take = unreadable;
    await opens(broker);
    await client.lPush(resultsQueue, [result('a'), 'no envelope']);
    await eventually(async () => expect(await left()).toEqual([0, 0, 2]));
  });

  it('takes poison from between good tasks, which keep their order', async () => {
    await opens(broker);
    const good = [1, 2].map((attempt) =>
      taskMessage({ type: 'celery', brokerUrl: '', queue: 'plain', task: 'x' }, aJob({ attempt }), 30_000, new Date()),
    );
    for (const task of good) {
      await broker.send(task);
      await client.lPush('plain', [
        sealed({ headers: { task: 'x' }, body: '{}' }, 'plain', randomUUID()),
        'no envelope',
      ]);
    }
    expect(await broker.removePoison('plain')).toBe(4);
    const waiting = await client.lRange('plain', 0, -1);
    expect(waiting.toReversed().map((item) => opened(item)?.headers.id)).toEqual(good.map(({ id }) => id));
    expect(await client.lLen('ml.dead')).toBe(4);
  });

  it('says so when a task did not get there', async () => {
    await opens(broker);
    await redis.server.stop();
    await eventually(() => expect(broker.reachable).toBe(false));
    await expect(broker.send(aTask('plain'))).rejects.toThrow(/closed|offline/);
    await redis.server.start();
    await eventually(() => expect(broker.reachable).toBe(true));
    await expect(broker.send(aTask('plain'))).resolves.toBeUndefined();
  });
});
