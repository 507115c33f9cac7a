import { type Channel, type ChannelModel, connect } from 'amqplib';
import { eventually, type FreshBroker, freshBroker } from '#testing';
import type { CatalogueModel, CelerySettings } from '../src/catalogue/catalogue-model.js';
import type { CatalogueService } from '../src/catalogue/catalogue.service.js';
import { CeleryBrokersService } from '../src/transports/celery/celery-brokers.service.js';
import { resultsQueue } from '../src/transports/celery/messages/celery-task.js';
import { RabbitmqBroker } from '../src/transports/celery/rabbitmq/rabbitmq-broker.client.js';
import { aCatalogueModel } from './a-generation.js';
import { aTask, Listener, unreadable, busyOnce, opens, closes } from './celery-listener.js';

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
    const good = [1, 2, 3].map((attempt) => aTask(queue, attempt));
    await broker.look(queue);
    for (const task of good) {
      await broker.send(task);
      channel.sendToQueue(queue, Buffer.from('{}'), { headers: { task: 'x' }, contentType: 'application/json' });
      await eventually(async () => expect((await broker.look(queue))!.waiting % 2).toBe(0));
    }
    expect(await broker.removePoison(queue, 6)).toBe(3);
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

describe('the brokers of the catalogue', () => {
  it('are each connected once while a model names them, and one that cannot be is passed over', async () => {
    const vhost = await freshBroker();
    let models: CatalogueModel[] = [];
    const brokers = new CeleryBrokersService({ all: () => models } as unknown as CatalogueService);
    const on = (brokerUrl: string, id: string): CelerySettings => {
      const transport = { type: 'celery' as const, brokerUrl, queue: 'plain', task: 'x' };
      models = [...models, aCatalogueModel({ offer: { ...aCatalogueModel().offer, id }, transport })];
      return transport;
    };
    try {
      const nowhere = on('redis://127.0.0.1:1/not-a-number', 'nowhere');
      await brokers.start(() => Promise.resolve());
      expect(brokers.lineOf(nowhere)).toBeUndefined();
      const here = [on(vhost.url, 'one'), on(vhost.url, 'two')];
      await brokers.follow();
      const [line] = here.map((it) => brokers.lineOf(it)!);
      expect(brokers.lineOf(here[1]!)).toBe(line);
      expect(brokers.linesWithModels().map((it) => it.models.map(({ id }) => id))).toEqual([['one', 'two']]);
      await eventually(() => expect(line?.broker.reachable).toBe(true));
      models = [];
      await brokers.follow();
      expect([line?.broker.reachable, brokers.linesWithModels()]).toEqual([false, []]);
    } finally {
      await brokers.stopReading();
      await brokers.onApplicationShutdown();
      await vhost.drop();
    }
  });
});
