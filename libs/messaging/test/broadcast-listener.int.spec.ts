import { randomUUID } from 'node:crypto';
import { apiKeyRevoked } from '#contracts';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import type { StackCoordinates } from '../../../tools/local-stack/local-stack.js';
import { BroadcastListener, declareEventExchanges, eventExchange, Publisher } from '../src/index.js';

describe('a fact that every replica hears', () => {
  let broker: FreshBroker;
  let publisher: Publisher;
  let listeners: BroadcastListener[] = [];

  const listen = (url = broker.url) => {
    const listener = new BroadcastListener({ url, service: 'gateway' });
    const [heard, missed] = [[] as string[], jest.fn()];
    listener.on(apiKeyRevoked, ({ key_id }) => void heard.push(key_id));
    listener.onMissed(missed);
    listener.onApplicationBootstrap();
    listeners.push(listener);
    return { listener, heard, missed };
  };
  const listening = async (url = broker.url) => {
    const one = listen(url);
    await eventually(() => expect(one.missed).toHaveBeenCalledTimes(1));
    return one;
  };
  const publish = (body: string, key = apiKeyRevoked.key): Promise<void> =>
    publisher.publish(eventExchange, key, Buffer.from(body), { messageId: randomUUID(), type: key });
  const announce = async (): Promise<string> => {
    const key_id = randomUUID();
    await publish(JSON.stringify({ key_id }));
    return key_id;
  };

  beforeEach(async () => {
    broker = await freshBroker();
    publisher = new Publisher({ url: broker.url, name: 'test', declare: declareEventExchanges });
  });
  afterEach(async () => {
    await Promise.all(listeners.map((listener) => listener.onApplicationShutdown()));
    listeners = [];
    await publisher.close();
    await broker.drop();
  });

  it('is not divided among them', async () => {
    await publisher.open();
    const [first, second] = [await listening(), await listening()];
    const ids = [await announce(), await announce()];
    await eventually(() => expect([first.heard, second.heard]).toEqual([ids, ids]));
  });

  it('is heard after a reconnection, and whoever depends on it is told that some may have been missed', async () => {
    await publisher.open();
    const { heard, missed } = await listening();
    await eventually(async () => {
      await broker.dropConnections(); // again when it shows nothing: the broker lists a young connection late
      await eventually(() => expect(missed.mock.calls.length).toBeGreaterThan(1), 8000);
    }, 40_000);
    const id = await eventually(announce, 15_000);
    await eventually(() => expect(heard).toContain(id));
  }, 60_000);

  it('is heard as soon as there is an exchange, although there was none at the start', async () => {
    const { heard, missed, listener } = listen();
    await eventually(() => expect((listener as unknown as { link: { model: unknown } }).link.model).not.toBeNull());
    expect(missed).not.toHaveBeenCalled();
    await publisher.open();
    await eventually(() => expect(missed).toHaveBeenCalledTimes(1), 15_000);
    const id = await announce();
    await eventually(() => expect(heard).toEqual([id]));
  });

  it('is left out when it does not fit its contract, and the next one is heard', async () => {
    await publisher.open();
    const { heard } = await listening();
    await publish('{');
    await publish('{"key_id":"x"}');
    const id = await announce();
    await eventually(() => expect(heard).toEqual([id]));
  });

  it('is heard with no more rights than the user of the gateway has', async () => {
    const { urls } = (JSON.parse(process.env.TEST_STACK ?? '{}') as StackCoordinates).broker;
    publisher = new Publisher({ url: urls.auth, name: 'test', declare: declareEventExchanges });
    await publisher.open();
    const { heard } = await listening(urls.gateway);
    const id = await announce();
    await eventually(() => expect(heard).toContain(id));
  });
});
