import type { EventEmitter } from 'node:events';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import { BrokerChannel } from '../src/index.js';

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
