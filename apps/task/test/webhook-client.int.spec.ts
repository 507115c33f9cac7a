import type { ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { AddressGuard } from '../src/webhooks/address-guard.js';
import { addressesOf } from '../src/webhooks/host-addresses.client.js';
import { WebhookClient } from '../src/webhooks/webhook.client.js';
import { aCertificate } from './a-certificate.js';
import { answers, Receiver, silence } from './receiver.js';

const loopback = new AddressGuard('127.0.0.0/8');
const strict = new AddressGuard();
const notAllowed = { responseStatus: null, error: 'The host is at an address that may not be called.' };

describe('calling an address that anybody gave us', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await new Receiver().start();
  });
  afterEach(() => receiver.stop());

  const post = (client: WebhookClient, url: string) => client.post(url, { 'webhook-id': '1' }, '{"a":"ü"}');

  it('posts the body and the headers, and says what was answered', async () => {
    receiver.answer = answers(202);
    expect(await post(new WebhookClient(loopback), receiver.urlOf('/hooks?key=1'))).toEqual({
      responseStatus: 202,
      error: null,
    });
    expect(receiver.arrivals).toEqual([
      { path: '/hooks?key=1', body: '{"a":"ü"}', headers: expect.objectContaining({ 'webhook-id': '1' }) },
    ]);
  });

  it.each([
    [500, 'The receiver answered 500.'],
    [404, 'The receiver answered 404.'],
    [410, 'The receiver answered 410.'],
    [304, 'The receiver answered 304. Redirects are not followed.'],
  ])('takes %i for a failure', async (status, error) => {
    receiver.answer = answers(status);
    expect(await post(new WebhookClient(loopback), receiver.urlOf('/'))).toEqual({ responseStatus: status, error });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
    receiver.answer = answers(status, { location: receiver.urlOf('/elsewhere') });
    const { error } = await post(new WebhookClient(loopback), receiver.urlOf('/'));
    expect(error).toBe(`The receiver answered ${status}. Redirects are not followed.`);
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('makes no connection to an address in the URL that may not be called', async () => {
    const { error } = await post(new WebhookClient(strict), `https://127.0.0.1:${receiver.port}/`);
    expect(error).toBe('The address must use port 443.');
    expect(await post(new WebhookClient(new AddressGuard('10.0.0.0/8')), receiver.urlOf('/'))).toEqual({
      responseStatus: null,
      error: 'The address must begin with https://.',
    });
    expect(receiver.connections).toBe(0);
  });

  it.each([
    [['127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['8.8.8.8', '127.0.0.1']],
    [['8.8.8.8', '::ffff:127.0.0.1']],
    [['8.8.8.8', '64:ff9b::7f00:1']],
    [[]],
  ])('makes no connection when the name stands for %j', async (addresses) => {
    const client = new WebhookClient(new AddressGuard('127.0.0.2/32'), { findAddresses: async () => addresses });
    expect(await post(client, `http://evil.example:${receiver.port}/`)).toEqual(notAllowed);
    expect(await post(client, 'https://evil.example/')).toEqual(notAllowed);
    expect(receiver.connections).toBe(0);
  });

  it('connects to the address that was checked: a name that changes its mind gains nothing', async () => {
    const other = await new Receiver('127.0.0.3').start();
    const said = [['127.0.0.1'], ['127.0.0.3']];
    const findAddresses = jest.fn(async () => said.shift() ?? []);
    const client = new WebhookClient(new AddressGuard('127.0.0.1/32'), { findAddresses });
    const url = `http://rebinding.example:${receiver.port}/`;
    expect(await post(client, url)).toEqual({ responseStatus: 204, error: null });
    expect(findAddresses).toHaveBeenCalledTimes(1);
    expect(receiver.arrivals[0]!.headers.host).toBe(`rebinding.example:${receiver.port}`);
    expect(await post(client, url)).toEqual(notAllowed);
    expect([receiver.connections, other.connections]).toEqual([1, 0]);
    await other.stop();
  });

  it('asks no proxy of the environment', async () => {
    const proxy = await new Receiver('127.0.0.4').start();
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) process.env[name] = proxy.urlOf('');
    try {
      expect(await post(new WebhookClient(loopback), receiver.urlOf('/'))).toEqual({
        responseStatus: 204,
        error: null,
      });
    } finally {
      for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) delete process.env[name];
    }
    expect(proxy.connections).toBe(0);
    await proxy.stop();
  });

  it('gives a silent host up', async () => {
    receiver.answer = silence;
    const begun = performance.now();
    expect(await post(new WebhookClient(loopback, { limitMs: 300 }), receiver.urlOf('/'))).toEqual({
      responseStatus: null,
      error: 'There was no answer within 0.3 seconds.',
    });
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('gives a look-up up that takes for ever', async () => {
    const findAddresses = (): Promise<string[]> => new Promise(() => undefined);
    const begun = performance.now();
    expect(await post(new WebhookClient(loopback, { findAddresses, limitMs: 300 }), 'http://a.example/')).toEqual({
      responseStatus: null,
      error: 'There was no answer within 0.3 seconds.',
    });
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('waits no longer for an answer that drips, nor reads an endless one', async () => {
    const client = new WebhookClient(loopback, { limitMs: 500 });
    receiver.answer = (answer) => void answer.writeHead(200).write('a');
    expect(await post(client, receiver.urlOf('/'))).toEqual({ responseStatus: 200, error: null });
    let written = 0;
    receiver.answer = (answer) => {
      const more = (): void => {
        while (!answer.destroyed && answer.write(Buffer.alloc(65_536))) written += 65_536;
      };
      answer.writeHead(200).on('drain', more);
      more();
    };
    expect(await post(client, receiver.urlOf('/'))).toEqual({ responseStatus: 200, error: null });
    expect(written).toBeLessThan(20_000_000);
  });

  it('leaves no connection behind', async () => {
    await post(new WebhookClient(loopback), receiver.urlOf('/'));
    await post(new WebhookClient(loopback), receiver.urlOf('/'));
    expect(receiver.connections).toBe(2);
  });
});

describe('a call that comes to nothing', () => {
  const client = new WebhookClient(loopback);

  const listening = async (onConnection: (socket: Socket) => void): Promise<[Server, number]> => {
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return [server, (server.address() as AddressInfo).port];
  };

  it('says that nobody listens', async () => {
    const [server, port] = await listening(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    expect((await client.post(`http://127.0.0.1:${port}/`, {}, '{}')).error).toBe(
      'The host refuses connections. (ECONNREFUSED)',
    );
  });

  it('says that the connection was closed', async () => {
    const [server, port] = await listening((socket) => socket.once('data', () => socket.destroy()));
    expect((await client.post(`http://127.0.0.1:${port}/`, {}, '{}')).error).toMatch(
      /^The connection was closed before there was an answer\./,
    );
    server.close();
  });

  it('says that the host speaks something else, in none of its words', async () => {
    const [server, port] = await listening((socket) => socket.end('SSH-2.0-secret\r\n'));
    const { error } = await client.post(`http://127.0.0.1:${port}/`, {}, '{}');
    expect(error).toMatch(/^The answer is not HTTP as it should be\. \(HPE_\w+\)$/);
    const { error: overTls } = await client.post(`https://127.0.0.1:${port}/`, {}, '{}');
    expect(overTls).toMatch(/^The host does not speak TLS as it should\./);
    server.close();
  });

  it('says that the name does not exist', async () => {
    const findAddresses = async (): Promise<string[]> =>
      Promise.reject(Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' }));
    const { error } = await new WebhookClient(loopback, { findAddresses }).post('https://nowhere.example/', {}, '{}');
    expect(error).toBe('The host name does not exist. (ENOTFOUND)');
  });
});

describe('a call by https', () => {
  it('asks for the host by name, and tells nothing to one whose certificate nobody vouches for', async () => {
    const asked: string[] = [];
    const taken = jest.fn((_: unknown, answer: ServerResponse) => void answer.end());
    const SNICallback = (name: string, found: (error: null) => void): void => {
      asked.push(name);
      found(null);
    };
    const server = createHttpsServer({ ...aCertificate('hooks.example'), SNICallback }, taken);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new WebhookClient(loopback, { findAddresses: async () => ['127.0.0.1'] });
    const { port } = server.address() as AddressInfo;
    expect(await client.post(`https://hooks.example:${port}/`, {}, '{}')).toEqual({
      responseStatus: null,
      error: 'The certificate of the host is not good for it. (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    expect(asked).toEqual(['hooks.example']);
    expect(taken).not.toHaveBeenCalled();
    server.close();
  });
});

describe('the addresses of a name', () => {
  it('are also those that only this machine knows', async () => {
    const addresses = await addressesOf('localhost');
    expect(addresses).toEqual(expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]));
    expect(addresses.filter((address) => strict.allows(new URL('https://localhost/'), address))).toEqual([]);
  });
});
