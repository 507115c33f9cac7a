import { setTimeout as delay } from 'node:timers/promises';
import { findAccount, Problem, rpcsOf } from '#contracts';
import { eventually, freshBroker, type FreshBroker } from '#testing';
import { currentRequest, RpcClient, RpcServer, withRequest } from '../src/index.js';

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

  beforeAll(async () => {
    broker = await freshBroker();
    client = new RpcClient({ url: broker.url, name: 'test', timeoutMs: 1000 });
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
    await expect(client.call(findAccount, someone)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(Date.now() - start).toBeLessThan(500);
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
    await serve(async () => {
      await delay(400);
      return {};
    });
    const start = Date.now();
    await expect(client.call(findAccount, someone, 200)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(Date.now() - start).toBeLessThan(390);
    expect(client.inFlight).toBe(0);
  });

  it('expires with its deadline when the service is away', async () => {
    await serve(async () => ({}));
    await server?.close();
    server = null;
    await expect(client.call(findAccount, someone, 200)).rejects.toMatchObject({ code: 'service_unavailable' });
    await eventually(async () => expect(await broker.depthOf('auth.rpc')).toBe(0));
  });

  it('is answered before the service closes when it was taken', async () => {
    await serve(async () => {
      await delay(300);
      return { late: true };
    });
    const answer = client.call(findAccount, someone);
    await delay(100);
    await server?.close();
    server = null;
    await expect(answer).resolves.toEqual({ late: true });
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
    await eventually(async () => expect(await client.call(findAccount, someone)).toEqual({ healed: true }), 15_000);
  });

  it('goes to a service only when that service answers everything it promised', async () => {
    const incomplete = new RpcServer({ url: broker.url, service: 'auth' });
    await expect(listen(incomplete)).rejects.toThrow(/^no handler for .*\baccount\.register\b/);
    await incomplete.close();
  });
});
