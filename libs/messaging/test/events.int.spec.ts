import { randomUUID } from 'node:crypto';
import { generationAccepted, Problem } from '#contracts';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import { declareEventExchanges, type Delivery, eventExchange, EventServer, Publisher } from '../src/index.js';

const fact = { task_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab', attempt: 1 };

describe('a fact on the broker', () => {
  let broker: FreshBroker;
  let publisher: Publisher;
  let server: EventServer | null = null;

  const listen = async (handle: (fact: unknown, delivery: Delivery) => Promise<void>): Promise<void> => {
    server = new EventServer({ url: broker.url, service: 'listener', retryDelayMs: 1 });
    server.addHandler(generationAccepted.key, handle as never);
    await new Promise<void>((resolve, reject) => server!.listen((error) => (error ? reject(error) : resolve())));
  };
  const publish = (body: string, messageId: string = randomUUID(), headers: object = {}): Promise<void> =>
    publisher.publish(eventExchange, generationAccepted.key, Buffer.from(body), {
      messageId,
      type: generationAccepted.key,
      headers,
    });

  beforeAll(async () => {
    broker = await freshBroker();
    publisher = new Publisher({ url: broker.url, name: 'test', declare: declareEventExchanges });
    await publisher.open();
  });

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  afterAll(async () => {
    await publisher.close();
    await broker.drop();
  });

  it('arrives with its id and is acknowledged after success', async () => {
    const seen: unknown[] = [];
    await listen(async (body, { id }) => void seen.push([body, id]));
    const id = randomUUID();
    await publish(JSON.stringify(fact), id);
    await eventually(() => expect(seen).toEqual([[fact, id]]));
    await eventually(async () => expect(await broker.depthOf('listener.events')).toBe(0));
  });

  it('comes again until its handler succeeds', async () => {
    let tries = 0;
    await listen(async () => {
      if (++tries < 3) throw new Error('the database is away');
    });
    await publish(JSON.stringify(fact));
    await eventually(() => expect(tries).toBe(3));
  });

  it('waits in the queue while its service is away', async () => {
    await publish(JSON.stringify(fact));
    const seen: unknown[] = [];
    await listen(async (body) => void seen.push(body));
    await eventually(() => expect(seen).toEqual([fact]));
  });

  it.each([
    ['is not JSON', '{', async () => {}],
    ['does not fit its contract', '{}', () => Promise.reject(new Problem('invalid_parameters'))],
  ])('is parked at once when it %s', async (_, body, handle) => {
    const before = (await broker.depthOf('listener.events.dead')) ?? 0;
    await listen(handle);
    await publish(body);
    await eventually(async () => expect(await broker.depthOf('listener.events.dead')).toBe(before + 1));
  });

  it('is parked when only a newer release knows its version', async () => {
    const before = (await broker.depthOf('listener.events.dead')) ?? 0;
    const seen: unknown[] = [];
    await listen(async (body) => void seen.push(body));
    await publish(JSON.stringify(fact), randomUUID(), { 'x-version': 2 });
    await eventually(async () => expect(await broker.depthOf('listener.events.dead')).toBe(before + 1));
    expect(seen).toEqual([]);
  });

  it('is not handled any more when its time is over, nor parked', async () => {
    const before = (await broker.depthOf('listener.events.dead')) ?? 0;
    const seen: unknown[] = [];
    await listen(async (_, { id }) => void seen.push(id));
    await publish(JSON.stringify(fact), 'late', { 'x-deadline': Date.now() - 1 });
    await publish(JSON.stringify(fact), 'in time', { 'x-deadline': Date.now() + 60_000 });
    await eventually(() => expect(seen).toEqual(['in time']));
    await eventually(async () => expect(await broker.depthOf('listener.events')).toBe(0));
    expect(await broker.depthOf('listener.events.dead')).toBe(before);
  });

  it('is parked after its last try when it never succeeds', async () => {
    const before = (await broker.depthOf('listener.events.dead')) ?? 0;
    let tries = 0;
    await listen(async () => {
      tries++;
      throw new Error('never');
    });
    await publish(JSON.stringify(fact));
    await eventually(async () => expect(await broker.depthOf('listener.events.dead')).toBe(before + 1), 15_000);
    expect(tries).toBeGreaterThan(3);
  });

  it('is refused to the publisher when it is mandatory and no queue takes it', async () => {
    const sent = publisher.publish('', 'nowhere', Buffer.from('{}'), { messageId: randomUUID(), mandatory: true });
    await expect(sent).rejects.toThrow('no queue takes nowhere');
  });

  it('is heard again after the connections were lost', async () => {
    const seen: unknown[] = [];
    await listen(async (body) => void seen.push(body));
    await broker.dropConnections();
    await eventually(() => publish(JSON.stringify(fact)), 15_000);
    await eventually(() => expect(seen.length).toBeGreaterThan(0), 15_000);
  });
});
