import { connect, type Channel, type ChannelModel } from 'amqplib';
import type { StackCoordinates } from '../local-stack/local-stack.js';

const { broker } = JSON.parse(process.env.TEST_STACK ?? '{}') as StackCoordinates;
/** The bridge is tested where it meets the workers; elsewhere it is a service like the others. */
const urls = { ...broker.urls, ...broker.workerUrls };
type User = keyof typeof urls;

// Queues are called `probe`: services of another suite may be at work in the same vhosts.
type Operation = (channel: Channel) => Promise<unknown>;

async function withChannel<Result>(url: string, use: (channel: Channel) => Promise<Result>): Promise<Result> {
  const connection: ChannelModel = await connect(url);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return await use(channel);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** 403 where the broker refuses access. It looks at rights first, so 404 (no such queue) means that access was given. */
async function codeOf(url: string, operation: Operation): Promise<number> {
  try {
    await withChannel(url, operation);
    return 200;
  } catch (error) {
    return (error as { code?: number }).code ?? Number(/\b(403|530)\b/.exec(String(error))?.[1] ?? 500);
  }
}

const declare =
  (queue: string): Operation =>
  async (channel) => {
    await channel.assertQueue(queue, { durable: false, exclusive: true });
  };
const consume =
  (queue: string): Operation =>
  (channel) =>
    channel.consume(queue, () => undefined, { noAck: true });
const purge =
  (queue: string): Operation =>
  (channel) =>
    channel.purgeQueue(queue);
const makeExchange =
  (name: string, type: string): Operation =>
  (channel) =>
    channel.assertExchange(name, type, { durable: true });
/** A refused publish closes the channel; the next question on it tells. */
const publish =
  (exchange: string, key: string): Operation =>
  async (channel) => {
    const refused = new Promise<never>((_, reject) => channel.once('error', reject));
    channel.publish(exchange, key, Buffer.from('{}'));
    await Promise.race([refused, channel.checkExchange('amq.direct')]);
  };

const bindToControl: Operation = async (channel) => {
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'ml.control', '');
};

describe('on the broker', () => {
  beforeAll(async () => {
    await withChannel(urls.auth, (channel) => makeExchange('events', 'topic')(channel) as Promise<void>);
  });

  it.each<[User, string, Operation]>([
    ['gateway', 'ask a service', publish('', 'auth.probe')],
    ['gateway', 'hear the answer', consume('amq.rabbitmq.reply-to')],
    ['gateway', 'have a queue of its own', declare('gateway.events.probe')],
    ['auth', 'make its queue', declare('auth.probe')],
    ['auth', 'announce an event', publish('events', 'probe.made')],
    ['auth', 'make the exchange of dead events', makeExchange('events.dead', 'topic')],
    ['ml-bridge', 'make a queue for jobs', declare('ml.jobs.probe')],
    ['ml-bridge', 'hear the workers', consume('ml.probe')],
    ['ml-bridge', 'publish a job', publish('', 'ml.jobs.probe')],
    ['engine', 'take jobs', consume('ml.jobs.probe')],
    ['engine', 'report', publish('ml.events', '')],
    ['engine', 'have a queue that the broker names', declare('')],
  ])('%s can %s', async (user, _what, operation) => {
    expect([200, 404]).toContain(await codeOf(urls[user], operation));
  });

  it.each<[User, string, Operation]>([
    ['gateway', 'answer in the name of a service', consume('auth.questions')],
    ['gateway', "make a service's queue", declare('auth.probe')],
    ['gateway', 'announce an event', publish('events', 'task.queued')],
    ['auth', 'make any other exchange', makeExchange('mine', 'topic')],
    ['auth', 'take the work of another service', consume('task.events')],
    ['auth', 'throw away the work of another service', purge('task.events')],
    ['task', 'make the queue of a service whose name begins alike', declare('tasks.questions')],
    ['ml-bridge', 'make anything else', declare('mine')],
    ['engine', 'make a queue for jobs', declare('ml.jobs.mine')],
    ['engine', 'read the reports of other workers', consume('ml.events')],
    ['engine', 'throw away the reports of other workers', purge('ml.events')],
    ['engine', 'read dead jobs', consume('ml.dead')],
    ['engine', 'control other workers', publish('ml.control', '')],
    ['engine', 'put jobs into a queue', publish('', 'ml.jobs.probe')],
  ])('%s cannot %s', async (user, _what, operation) => {
    expect(await codeOf(urls[user], operation)).toBe(403);
  });

  it('a worker hears the control exchange on a queue of its own', async () => {
    await withChannel(urls['ml-bridge'], (channel) => makeExchange('ml.control', 'fanout')(channel) as Promise<void>);
    expect(await codeOf(urls.engine, bindToControl)).toBe(200);
  });

  it.each([
    ['engine', 'lathe'],
    ['auth', 'ml'],
    ['gateway', 'ml'],
  ] as const)('%s cannot enter vhost %s', async (user, vhost) => {
    const elsewhere = new URL(urls[user]);
    elsewhere.pathname = `/${vhost}`;
    await expect(connect(elsewhere.href)).rejects.toThrow('Expected ConnectionOpenOk; got <ConnectionClose');
  });

  it('nobody enters without the password', async () => {
    const wrong = new URL(urls.auth);
    wrong.password = 'wrong';
    await expect(connect(wrong.href)).rejects.toThrow(/403|ACCESS[-_]REFUSED/i);
  });

  it('a service answers a question of the gateway', async () => {
    await withChannel(urls.auth, async (service) => {
      const { queue } = await service.assertQueue('auth.probe', { exclusive: true, durable: false });
      await service.consume(
        queue,
        (message) => {
          if (message) service.publish('', message.properties.replyTo as string, Buffer.from('yes'));
        },
        { noAck: true },
      );
      const answer = await withChannel(
        urls.gateway,
        (client) =>
          new Promise<string>((resolve, reject) => {
            client.once('error', reject);
            client
              .consume('amq.rabbitmq.reply-to', (message) => resolve(String(message?.content)), { noAck: true })
              .then(() => client.publish('', queue, Buffer.from('?'), { replyTo: 'amq.rabbitmq.reply-to' }), reject);
          }),
      );
      expect(answer).toBe('yes');
    });
  });
});
