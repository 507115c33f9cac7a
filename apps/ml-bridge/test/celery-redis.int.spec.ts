import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import { eventually } from '#testing';
import { describeWith } from '../../../tools/debian/describe-with.js';
import { type ThrowawayRedis, throwawayRedis } from '../../../tools/local-stack/redis/throwaway-redis.js';
import { resultsQueue } from '../src/transports/celery/messages/celery-task.js';
import { RedisBroker } from '../src/transports/celery/redis/redis-broker.client.js';
import { opened, sealed } from '../src/transports/celery/redis/redis-envelope.js';
import { aTask, Listener, unreadable, busyOnce, opens, closes } from './celery-listener.js';

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
    const good = [1, 2].map((attempt) => aTask('plain', attempt));
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
