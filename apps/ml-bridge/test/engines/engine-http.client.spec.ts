import { buffer } from 'node:stream/consumers';
import { EngineHttpClient } from '../../src/engines/engine-http.client.js';
import { EngineUnreachable } from '../../src/engines/engine-unreachable.js';
import { EngineFailure } from '../../src/generations/attempt-failure.js';
import { formOf, type Heard, type Reply, StandInServer } from './stand-in.js';

const apiKey = 'key-that-nobody-may-see';

class AnyServer extends StandInServer {
  protected answer({ path, headers }: Heard): Reply {
    return { json: { path, key: headers.authorization } };
  }
}

describe('a call to an engine', () => {
  const server = new AnyServer();
  const other = new AnyServer();
  const { signal } = new AbortController();
  let client: EngineHttpClient;

  beforeAll(async () => {
    await Promise.all([server.start(), other.start()]);
    client = new EngineHttpClient({ url: `${server.url}/base/`, apiKey });
  });
  afterAll(() => Promise.all([server.stop(), other.stop()]));
  beforeEach(() => {
    server.reset();
    other.reset();
  });

  const failureOf = async (call: Promise<unknown>): Promise<EngineFailure> => {
    const error: unknown = await call.then(
      () => null,
      (failure: unknown) => failure,
    );
    if (!(error instanceof EngineFailure)) throw new Error('it did not fail as an engine does', { cause: error });
    return error;
  };

  it('goes to the address below that of the server, with its key', async () => {
    const answer = await client.call('POST', '/jobs?x=1', { signal, json: { a: 1 } });
    expect(answer).toMatchObject({ status: 200, body: { path: '/base/jobs', key: `Bearer ${apiKey}` } });
    expect(server.heard[0]?.body.toString()).toBe('{"a":1}');
  });

  it('sends forms', async () => {
    const file = { name: 'front.png', type: 'image/png', bytes: new Uint8Array([1, 2]) };
    await client.call('POST', '/files', {
      signal,
      form: [
        ['seed', '7'],
        ['image', file],
      ],
    });
    const form = await formOf(server.heard[0]!);
    const image = form.get('image') as File;
    expect([form.get('seed'), image.name, image.type, image.size]).toEqual(['7', 'front.png', 'image/png', 2]);
  });

  it('answers what the server refuses, and keeps the key out of what is logged', async () => {
    server.trap(/jobs/, { status: 422, body: `no ${apiKey} here` });
    const answer = await client.call('GET', '/jobs?token=t', { signal });
    expect(answer).toMatchObject({ status: 422, body: undefined, excerpt: 'GET /jobs: 422 no … here' });
  });

  it.each([
    ['hangs', 'hang' as const],
    ['closes the connection', 'drop' as const],
    ['closes the connection after it obeyed', 'lose' as const],
    ['breaks off in its answer', 'cut' as const],
    ['has an error of its own', { status: 503, body: 'x' }],
  ])('is unanswered when the server %s, which may have obeyed', async (_, trap) => {
    server.trap(/jobs/, trap);
    const failure = await failureOf(client.call('GET', '/jobs', { signal, timeoutMs: 300 }));
    expect(failure).toBeInstanceOf(EngineUnreachable);
    expect(failure).toMatchObject({ code: 'engine_unavailable', certainlyUnheard: false });
  });

  it('was certainly not heard when nobody listens', async () => {
    const gone = await new AnyServer().start();
    await gone.stop();
    const call = new EngineHttpClient({ url: gone.url, apiKey }).call('POST', '/jobs', { signal, json: {} });
    expect(await failureOf(call)).toMatchObject({ certainlyUnheard: true, message: 'POST /jobs: ECONNREFUSED' });
  });

  it('takes no answer that is too large', async () => {
    server.trap(/jobs/, { body: 'x'.repeat(2000) });
    const failure = await failureOf(client.call('GET', '/jobs', { signal, maxBytes: 1999 }));
    expect(failure.code).toBe('output_rejected');
  });

  it('ends with the reason when it is given up', async () => {
    server.trap(/jobs/, 'hang');
    const given = new AbortController();
    const call = client.call('GET', '/jobs', { signal: given.signal });
    setTimeout(() => given.abort(new Error('canceled')), 20);
    await expect(call).rejects.toThrow('canceled');
  });

  describe('for a file', () => {
    const read = async (address: string, origins?: string[]): Promise<string> =>
      (await buffer(await client.download(address, { signal, origins, timeoutMs: 300 }))).toString();

    it('follows redirects to allowed places, where the key is not told', async () => {
      server.trap(/file/, { status: 302, headers: { location: `${other.url}/there` } });
      await expect(read('/file', [other.url])).resolves.toBe('{"path":"/there"}');
    });

    it.each([
      ['elsewhere', 'http://127.0.0.1:1/there'],
      ['to another scheme', 'https://127.0.0.1/there'],
      ['in circles', '/base/file'],
      ['nowhere', ''],
    ])('is refused a redirect %s', async (_, location) => {
      server.trap(/file/, { status: 302, headers: { location } });
      expect((await failureOf(read('/file'))).code).toBe('output_rejected');
      expect(server.heard.length).toBeLessThanOrEqual(4);
    });

    it('is refused an address that is not allowed, a missing file, and no address at all', async () => {
      server.trap(/missing/, { status: 404 });
      for (const address of [`${other.url}/file`, 'file:///etc/passwd', '/missing', 'model.glb']) {
        expect((await failureOf(read(address))).code).toBe('output_rejected');
      }
      expect(other.heard).toHaveLength(0);
    });

    it.each(['cut', 'hang', 'drop'] as const)('is unanswered when the server does not go on (%s)', async (trap) => {
      server.trap(/file/, trap);
      expect(await failureOf(read('/file'))).toBeInstanceOf(EngineUnreachable);
    });
  });

  it.each(['ftp://example.com', 'gpu:8081', '', 'http://user:secret@example.com'])('refuses the address %p', (url) =>
    expect(() => new EngineHttpClient({ url, apiKey: null })).toThrow(/^url /),
  );
});
