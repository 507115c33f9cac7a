import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { generationAccepted } from '#contracts';
import { type Delivery, EventServer, Publisher, eventExchange } from '#messaging';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import {
  brokerUrl,
  type BrokerUser,
  brokerUsers,
  permissions,
  rabbitmqDefinitions,
  uploadDefinitions,
} from '../provision/broker.js';
import { DeadLetterQueue, NotReadable } from './dead-letter-queue.js';

const name = 'task.events.dead';
const fact = { task_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab', attempt: 1 };
const everything = (): boolean => true;

describe('what a service could not handle', () => {
  let broker: FreshBroker;
  let publisher: Publisher;
  let service: EventServer;
  let canHandle: boolean;
  let handled: string[];

  /** Parks a fact and resolves to its message id. */
  const park = async (): Promise<string> => {
    canHandle = false;
    const id = randomUUID();
    const before = (await broker.depthOf(name)) ?? 0;
    await publisher.publish(eventExchange, generationAccepted.key, Buffer.from(JSON.stringify(fact)), {
      messageId: id,
      type: generationAccepted.key,
      headers: { 'x-request-id': 'request-1' },
    });
    await eventually(async () => expect(await broker.depthOf(name)).toBe(before + 1));
    canHandle = true;
    return id;
  };
  const open = async (): Promise<DeadLetterQueue> => (await DeadLetterQueue.open(broker.url, name))!;
  const within = async <T>(work: (queue: DeadLetterQueue) => Promise<T>): Promise<T> => {
    const queue = await open();
    try {
      return await work(queue);
    } finally {
      await queue.close();
    }
  };

  beforeAll(async () => {
    broker = await freshBroker();
    service = new EventServer({ url: broker.url, service: 'task' });
    const handle = async (_: unknown, { id }: Delivery): Promise<void> => {
      if (!canHandle) throw new SyntaxError('a bug'); // hopeless: it is parked at once
      handled.push(id);
    };
    service.addHandler(generationAccepted.key, handle as never);
    await new Promise<void>((resolve) => service.listen(() => resolve()));
    publisher = new Publisher({ url: broker.url, name: 'test' });
    await publisher.open();
  });

  beforeEach(async () => {
    handled = [];
    await within((queue) => queue.drop(100, everything));
  });

  afterAll(async () => {
    await Promise.all([service.close(), publisher.close()]);
    await broker.drop();
  });

  it('is shown with its reason, its time and its request, and stays where it is', async () => {
    const ids = [await park(), await park()];
    const begun = Date.now();
    for (let look = 0; look < 25; look++) {
      const seen = await within((queue) => queue.look(10));
      expect(seen.map(({ letter }) => letter.id).toSorted()).toEqual(ids.toSorted());
      expect(seen[0]).toMatchObject({
        letter: { type: 'generation.accepted', reason: 'rejected', requestId: 'request-1', origin: 'task.events' },
        body: JSON.stringify(fact),
      });
      expect(Math.abs(Date.parse(seen[0]!.letter.since!) - begun)).toBeLessThan(60_000);
      expect(seen[0]!.letter.looks).toBeLessThan(10);
    }
  });

  it('goes back under its own id to the service alone, when it is chosen', async () => {
    const [first, second] = [await park(), await park()];
    const outcomes = await within((queue) => queue.replay(10, ({ id }) => id === second));
    expect(outcomes).toMatchObject([{ letter: { id: second }, sentTo: 'task.events' }]);
    await eventually(() => expect(handled).toEqual([second]));
    expect((await within((queue) => queue.look(10))).map(({ letter }) => letter.id)).toEqual([first]);
  });

  it('can be replayed after it was looked at many times, and is parked again when it still cannot be handled', async () => {
    const id = await park();
    for (let look = 0; look < 20; look++) await within((queue) => queue.look(10));
    canHandle = false;
    expect(await within((queue) => queue.replay(10, everything))).toHaveLength(1);
    await eventually(async () => expect(await broker.depthOf(name)).toBe(1));
    canHandle = true;
    expect((await within((queue) => queue.look(10)))[0]?.letter).toMatchObject({ id, reason: 'rejected' });
    await within((queue) => queue.replay(10, everything));
    await eventually(() => expect(handled).toEqual([id]));
  });

  it('is not lost when its replay ends in the middle', async () => {
    const id = await park();
    const queue = await open();
    const { channel } = queue as unknown as { channel: { ack: () => void } };
    jest.spyOn(channel, 'ack').mockImplementation(() => {
      throw new Error('killed');
    });
    await expect(queue.replay(10, everything)).rejects.toThrow('killed');
    await queue.close();
    await eventually(() => expect(handled).toEqual([id]));
    await eventually(async () => expect(await broker.depthOf(name)).toBe(1));
    await within((again) => again.replay(10, everything));
    await eventually(() => expect(handled).toEqual([id, id])); // whoever has an inbox knows it by its id
  });

  it('stays when there is no queue to send it to', async () => {
    const connection = await connect(broker.url);
    const channel = await connection.createChannel();
    await channel.assertQueue('gone.events.dead', { durable: true });
    channel.sendToQueue('gone.events.dead', Buffer.from('{}'), { messageId: 'x' });
    await channel.close();
    await connection.close();
    await eventually(async () => expect(await broker.depthOf('gone.events.dead')).toBe(1));
    const queue = (await DeadLetterQueue.open(broker.url, 'gone.events.dead'))!;
    expect(await queue.replay(10, everything)).toMatchObject([
      { sentTo: null, problem: 'there is no queue gone.events' },
    ]);
    await queue.close();
    expect(await broker.depthOf('gone.events.dead')).toBe(1);
  });

  it('is not looked for in a queue that is not there', async () => {
    expect(await DeadLetterQueue.open(broker.url, 'nobody.events.dead')).toBeNull();
  });

  it('can be replayed with the rights of its own service, and not be read with those of another', async () => {
    const id = await park();
    const vhost = decodeURIComponent(new URL(broker.url).pathname.slice(1));
    const users = permissions.filter((permission) => permission.vhost === 'lathe');
    const passwords = Object.fromEntries(brokerUsers.map((user) => [user, 'secret'])) as Record<BrokerUser, string>;
    const { users: definitions } = rabbitmqDefinitions(passwords);
    const named = (user: string): string => `${vhost}-${user}`;
    await uploadDefinitions(process.env.TEST_RABBITMQ_MANAGEMENT_URL!, {
      users: definitions.map((user) => ({ ...user, name: named(user.name) })),
      vhosts: [],
      permissions: users.map((permission) => ({ ...permission, vhost, user: named(permission.user) })),
    });
    const openAs = (user: string) => DeadLetterQueue.open(brokerUrl(broker.url, named(user), 'secret', vhost), name);
    const foreign = (await openAs('storage'))!;
    await expect(foreign.look(10)).rejects.toThrow(NotReadable);
    await foreign.close();
    const own = (await openAs('task'))!;
    expect(await own.replay(10, everything)).toMatchObject([{ letter: { id }, sentTo: 'task.events' }]);
    await own.close();
    await eventually(() => expect(handled).toEqual([id]));
  });
});
