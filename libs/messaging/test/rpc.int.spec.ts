import { setTimeout as delay } from 'node:timers/promises';
import { findAccount, Problem, rpcsOf } from '#contracts';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import { currentRequest, withRequest } from '#telemetry';
import { Publisher, RpcClient, RpcServer } from '../src/index.js';

const someone = { account_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab' };

/** A server that answers account.find with what the test wants, and every other question of auth with nothing. */
function aServer(url: string, find: (request: unknown) => Promise<unknown>): RpcServer {
  const server = new RpcServer({ url, service: 'auth' });
  for (const { key } of rpcsOf('auth')) server.addHandler(key, async () => ({}));
  server.addHandler(findAccount.key, find as never);
  return server;
}

const listen = (server: RpcServer): Promise<void> =>
  new Promise((resolve, reject) => server.listen((error) => (error ? reject(error) : resolve())));

describe('a question over the broker', () => {
  let broker: FreshBroker;
  let client: RpcClient;
  let server: RpcServer | null = null;

  const serve = async (find: (request: unknown) => Promise<unknown>): Promise<void> => {
    server = aServer(broker.url, find);
    await listen(server);
  };

  /** Asks without waiting for an answer, with these headers. */
  const ask = async (headers: object): Promise<void> => {
    const publisher = new Publisher({ url: broker.url, name: 'test' });
    await publisher.open();
    const options = { messageId: 'm', type: findAccount.key, headers, mandatory: true };
    await publisher.publish('', 'auth.questions', Buffer.from(JSON.stringify(someone)), options);
    await publisher.close();
  };

  beforeAll(async () => {
    broker = await freshBroker();
    client = new RpcClient({ url: broker.url, name: 'test', timeoutMs: 10_000 });
    await client.open();
  });

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  afterAll(async () => {
    await client.close();
    await broker.drop();
  });

  it('is refused at once when nobody has ever served it', async () => {
    const start = Date.now();
    await expect(client.call(findAccount, someone, 20_000)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  it('is answered, and carries the request id there', async () => {
    await serve(async (request) => ({ ...(request as object), id: currentRequest()?.requestId }));
    const answer = withRequest({ requestId: 'abc' }, () => client.call(findAccount, someone));
    await expect(answer).resolves.toEqual({ ...someone, id: 'abc' });
  });

  it('is refused with the reason the service gave, and with nothing about a bug', async () => {
    await serve(async () => {
      throw new Problem('not_found', 'No such account', { members: { hint: 1 } });
    });
    await expect(client.call(findAccount, someone)).rejects.toMatchObject({
      code: 'not_found',
      message: 'No such account',
      details: { members: { hint: 1 } },
    });
    await server?.close();
    await serve(async () => {
      throw new Error('secret');
    });
    const bug = (await client.call(findAccount, someone).catch((error: Problem) => error)) as Problem;
    expect(JSON.stringify(bug)).not.toContain('secret');
    expect(bug.code).toBe('internal_error');
  });

  it('is refused at its deadline, and is not answered later to somebody else', async () => {
    let release!: (reply: object) => void;
    const held = new Promise<object>((resolve) => (release = resolve));
    await serve(() => held);
    const start = Date.now();
    await expect(client.call(findAccount, someone, 200)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(Date.now() - start).toBeLessThan(5000);
    expect(client.inFlight).toBe(0);
    release({});
  });

  it('expires with its deadline when the service is away', async () => {
    await serve(async () => ({}));
    await server?.close();
    server = null;
    await expect(client.call(findAccount, someone, 200)).rejects.toMatchObject({ code: 'service_unavailable' });
    await eventually(async () => expect(await broker.depthOf('auth.questions')).toBe(0));
  });

  it('is not asked when nobody would be left to take the answer', async () => {
    let asked = 0;
    await serve(async () => ({ asked: ++asked }));
    const within = (ms: number) =>
      withRequest({ requestId: 'r', deadline: Date.now() + ms }, () => client.call(findAccount, someone));
    await expect(within(40)).rejects.toMatchObject({ code: 'service_unavailable' });
    await expect(within(9000)).resolves.toEqual({ asked: 1 });
  });

  it('lets the questions it leads to take no longer than itself', async () => {
    const deadlines: (number | undefined)[] = [];
    await serve(async (request) => {
      deadlines.push(currentRequest()?.deadline);
      const { account_id } = request as typeof someone;
      return account_id === someone.account_id ? client.call(findAccount, { account_id: 'the next' }, 60_000) : {};
    });
    await client.call(findAccount, someone, 10_000);
    expect(deadlines[0]).toBeLessThanOrEqual(Date.now() + 10_000);
    expect(deadlines[1]).toBeLessThan(deadlines[0]!);
  });

  it('is not begun when its deadline has passed before its turn', async () => {
    let begun = 0;
    await serve(async () => ({ begun: ++begun }));
    await ask({ 'x-deadline': Date.now() - 1 });
    await ask({ 'x-deadline': Date.now() + 5000 });
    await eventually(() => expect(begun).toBeGreaterThan(0));
    await expect(client.call(findAccount, someone)).resolves.toEqual({ begun: 2 });
  });

  it('of a version that only a newer release knows is refused for now', async () => {
    let begun = 0;
    await serve(async () => ({ begun: ++begun }));
    const newer = { ...findAccount, version: 2 };
    await expect(client.call(newer, someone)).rejects.toMatchObject({ code: 'service_unavailable' });
    await expect(client.call(findAccount, someone)).resolves.toEqual({ begun: 1 });
  });

  it('is answered before the service closes when it was taken', async () => {
    let take!: () => void;
    const taken = new Promise<void>((resolve) => (take = resolve));
    await serve(async () => {
      take();
      await delay(300);
      return { late: true };
    });
    const answer = client.call(findAccount, someone);
    await taken;
    await server?.close();
    server = null;
    await expect(answer).resolves.toEqual({ late: true });
  });

  it('waits for its service while that is restarted', async () => {
    await serve(async () => ({ answered_by: 'the first' }));
    await server!.close();
    const answer = client.call(findAccount, someone);
    await eventually(async () => expect(await broker.depthOf('auth.questions')).toBe(1));
    await serve(async () => ({ answered_by: 'the second' }));
    expect(await answer).toEqual({ answered_by: 'the second' });
  });

  it('fails fast when the connection is lost, and heals by itself', async () => {
    let release!: (reply: object) => void;
    const held = new Promise<object>((resolve) => (release = resolve));
    await serve(() => held);
    const answer = client.call(findAccount, someone, 20_000).catch((error: Problem) => error.code);
    await broker.dropConnections();
    await expect(answer).resolves.toBe('service_unavailable');
    release({});
    server?.addHandler(findAccount.key, (async () => ({ healed: true })) as never);
    await eventually(
      async () => expect(await client.call(findAccount, someone, 1000)).toEqual({ healed: true }),
      15_000,
    );
  });

  it('goes to a service only when that service answers everything it promised', async () => {
    const incomplete = new RpcServer({ url: broker.url, service: 'auth' });
    await expect(listen(incomplete)).rejects.toThrow(/^no handler for .*\baccount\.register\b/);
    await incomplete.close();
  });
});
