import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { ConfirmChannel } from 'amqplib';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import { FaultProxy } from '../../../tools/faults/proxy/fault-proxy.js';
import { BrokerChannel, Publisher } from '../src/index.js';

describe('a channel to the broker', () => {
  let broker: FreshBroker;
  let link: BrokerChannel;

  beforeAll(async () => {
    broker = await freshBroker();
  });
  afterEach(() => link.close());
  afterAll(() => broker.drop());

  it('is opened again until its set-up succeeds: what it needs may be declared by somebody who is late', async () => {
    let tries = 0;
    const setup = async (channel: { checkQueue(queue: string): Promise<unknown> }): Promise<void> => {
      if (++tries > 1 && tries < 4) await channel.checkQueue('declared-later');
    };
    link = new BrokerChannel({ url: broker.url, name: 'patient', setup });
    await link.open();
    link.renew();
    await eventually(() => expect(tries).toBe(4), 10_000);
    await eventually(() => expect(link.ready).not.toBeNull());
  });

  it('is opened again on a new connection when its set-up ends the first one', async () => {
    let tries = 0;
    const setup = async (channel: ConfirmChannel): Promise<void> => {
      if (++tries === 1) await channel.assertExchange('unknown', 'no-such-type'); // 503, an error of the connection
    };
    link = new BrokerChannel({ url: broker.url, name: 'ended', setup });
    await link.open();
    expect(link.ready).not.toBeNull();
    expect(tries).toBe(2);
  });

  it('may publish after a reconnection although the old connection was blocked', async () => {
    link = new BrokerChannel({ url: broker.url, name: 'blocked', confirm: true });
    await link.open();
    // what amqplib emits for connection.blocked; a real alarm would stop every other test's broker too
    (link as unknown as { connection: EventEmitter }).connection.emit('blocked', 'low on memory');
    expect(link.ready).toBeNull();
    await broker.dropConnections();
    await eventually(() => expect(link.ready).not.toBeNull(), 15_000);
  });
});

describe('a channel to a broker that may be down', () => {
  it('is opened at once, comes whenever the broker does, and is closed without it', async () => {
    const broker = await freshBroker();
    const url = new URL(broker.url);
    const proxy = await FaultProxy.open({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    proxy.disturb({ refuse: true });
    const links = [1, 2].map((n) => new BrokerChannel({ url: url.href, name: `patient ${n}`, patient: true }));
    try {
      await Promise.all(links.map((link) => link.open()));
      await links[0]!.close();
      expect(links[1]!.ready).toBeNull();
      proxy.heal();
      await eventually(() => expect(links[1]!.ready).not.toBeNull());
      expect(links[0]!.ready).toBeNull();
    } finally {
      await links[1]!.close();
      await proxy.close();
      await broker.drop();
    }
  });
});

describe('a connection to the broker that goes dead without a word', () => {
  it('is given up by the first publisher whose confirm does not come', async () => {
    const broker = await freshBroker();
    const url = new URL(broker.url);
    const proxy = await FaultProxy.open({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const publisher = new Publisher({ url: url.toString(), name: 'test', confirmTimeoutMs: 2000 });
    const publish = () => publisher.publish('', 'nobody', Buffer.from('{}'), { messageId: randomUUID() });
    try {
      await publisher.open();
      await publish();
      proxy.disturb({ halfOpen: true });
      const lost = publish();
      await expect(lost).rejects.toThrow('no confirm within 2000 ms');
      // a new connection is dead from its first byte on, and stays so
      await eventually(() => expect(proxy.connections).toBeGreaterThan(1));
      proxy.heal();
      await eventually(publish, 20_000); // heartbeats do not watch over a greeting
    } finally {
      await publisher.close();
      await proxy.close();
      await broker.drop();
    }
  }, 60_000);
});
