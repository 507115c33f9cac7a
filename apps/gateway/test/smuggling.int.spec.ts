import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import { findFile, listModels, openDownload, openUpload, takeAllowance } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aFile } from './views.js';

/** Every header that an answer of ours may have; a header beyond these was made by the sender. */
const ours = new Set([
  'accept-ranges',
  'allow',
  'cache-control',
  'connection',
  'content-disposition',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'location',
  'origin-agent-cluster',
  'ratelimit',
  'ratelimit-policy',
  'referrer-policy',
  'retry-after',
  'strict-transport-security',
  'transfer-encoding',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-request-id',
  'x-xss-protection',
]);

interface Answer {
  status: number;
  headers: [name: string, value: string][];
}

/** The answers in what came back over one connection, by their heads. */
const answersIn = (received: string): Answer[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/g)].map(([, status, head]) => ({
    status: Number(status),
    headers: head!
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  }));

const uuid = /^[0-9a-f-]{36}$/;
const smuggled = 'GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n';
const form = (filename: string): string =>
  `--b\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\n\r\nx\r\n--b--\r\n`;

describe('a request that two readers could read differently', () => {
  let gateway: TestGateway;
  const requested: string[] = [];

  beforeAll(async () => {
    gateway = await aGateway();
    gateway.auth.answer(takeAllowance, async ({ points, limit }) => ({
      granted: points,
      remaining: limit - points,
      resets_in_ms: 60_000,
    }));
    gateway.task.answer(listModels, async () => ({ models: [] }));
    const server: Server = gateway.app.getHttpServer();
    server.on('request', ({ url }: IncomingMessage) => requested.push(url!));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => requested.splice(0));

  /** Reads until the gateway closes the connection, or has said something and then nothing more. */
  async function answersTo(sent: string): Promise<Answer[]> {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      received += part;
      socket.setTimeout(200);
    });
    socket.setTimeout(5000, () => socket.destroy());
    socket.write(sent, 'latin1');
    await once(socket, 'close');
    return answersIn(received);
  }

  const expectOnlyOurHeaders = (answers: Answer[]): void => {
    for (const { headers } of answers) {
      const names = headers.map(([name]) => name);
      expect(names.filter((name) => !ours.has(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    }
  };

  const post = (headers: string[], body: string): string =>
    ['POST /models HTTP/1.1', 'host: a', ...headers, '', body].join('\r\n');

  it('is told from two requests, which get two answers', async () => {
    const answers = await answersTo(`GET /models HTTP/1.1\r\nhost: a\r\n\r\n${smuggled}`);
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect(requested).toEqual(['/models', '/smuggled']);
  });

  it.each<[string, string]>([
    ['a length and chunks', post(['content-length: 5', 'transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`)],
    ['chunks and a length', post(['transfer-encoding: chunked', 'content-length: 5'], `0\r\n\r\n${smuggled}`)],
    ['two lengths', post(['content-length: 0', `content-length: ${smuggled.length}`], smuggled)],
    ['one length twice', post(['content-length: 0', 'content-length: 0'], smuggled)],
    ['a list of lengths', post([`content-length: 0, ${smuggled.length}`], smuggled)],
    ['a signed length', post(['content-length: +0'], smuggled)],
    ['a negative length', post(['content-length: -1'], smuggled)],
    ['a length in hexadecimal', post(['content-length: 0x0'], smuggled)],
    ['a length without end', post([`content-length: ${'9'.repeat(30)}`], smuggled)],
    ['an unknown coding', post(['transfer-encoding: xchunked'], `0\r\n\r\n${smuggled}`)],
    ['chunks that are not the last coding', post(['transfer-encoding: chunked, identity'], `0\r\n\r\n${smuggled}`)],
    ['a space before the colon', post(['transfer-encoding : chunked'], `0\r\n\r\n${smuggled}`)],
    ['a control character before the coding', post(['transfer-encoding: \u000bchunked'], `0\r\n\r\n${smuggled}`)],
    ['a chunk of no size', post(['transfer-encoding: chunked'], `\r\n\r\n${smuggled}`)],
    ['a chunk without end', post(['transfer-encoding: chunked'], `FFFFFFFFFFFFFFFFF\r\n${smuggled}`)],
    ['a chunk in C', post(['transfer-encoding: chunked'], `0x0\r\n\r\n${smuggled}`)],
    ['lines that end in LF', `POST /models HTTP/1.1\nhost: a\ntransfer-encoding: chunked\n\n0\n\n${smuggled}`],
    ['a folded header', post(['x-a: b', ' transfer-encoding: chunked', 'content-length: 0'], smuggled)],
    ['a folded coding', post(['transfer-encoding:', ' chunked'], `0\r\n\r\n${smuggled}`)],
    ['a bare CR in a header', post(['x-a: b\rtransfer-encoding: chunked'], `0\r\n\r\n${smuggled}`)],
    ['a NUL in a header', post(['x-a: b\u0000c'], smuggled)],
    ['a NUL in a name', post(['x\u0000a: b'], smuggled)],
    ['no host', 'GET /models HTTP/1.1\r\n\r\n'],
    ['a space in the address', 'GET /models HTTP/1.1 HTTP/1.1\r\nhost: a\r\n\r\n'],
  ])('is refused, and what follows it is not read: %s', async (_, sent) => {
    const answers = await answersTo(sent);
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(answers[0]!.headers).toContainEqual(['connection', 'close']);
    expect(requested).not.toContain('/smuggled');
    expectOnlyOurHeaders(answers);
  });

  it.each<[string, string, number]>([
    ['a body where none is due', `GET /models HTTP/1.1\r\nhost: a\r\ncontent-length: ${smuggled.length}\r\n\r\n`, 200],
    [
      'a body that is refused unread',
      post([`content-length: ${smuggled.length}`, 'content-type: text/plain'], ''),
      405,
    ],
    [
      'a body of somebody who may not upload',
      `POST /upload HTTP/1.1\r\nhost: a\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${smuggled.length}\r\n\r\n`,
      401,
    ],
    [
      'a body beside an upgrade',
      `GET /models HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\ncontent-length: ${smuggled.length}\r\n\r\n`,
      200,
    ],
  ])('is one request: %s', async (_, head, status) => {
    const answers = await answersTo(head + smuggled);
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(requested).toHaveLength(1);
    expectOnlyOurHeaders(answers);
  });

  it.each([
    ['after its request id', 'GET /models HTTP/1.1\r\nhost: a\r\nx-request-id: b\r\nset-cookie: c=d\r\n\r\n', /^b$/],
    ['after a bare CR', 'GET /models HTTP/1.1\r\nhost: a\r\nx-request-id: b\rset-cookie: c=d\r\n\r\n', uuid],
    ['after a bare LF', 'GET /models HTTP/1.1\r\nhost: a\r\nx-request-id: b\nset-cookie: c=d\r\n\r\n', uuid],
    ['after a fold', 'GET /models HTTP/1.1\r\nhost: a\r\nx-request-id: b\r\n set-cookie: c=d\r\n\r\n', uuid],
    ['encoded', 'GET /models HTTP/1.1\r\nhost: a\r\nx-request-id: b%0d%0aset-cookie:%20c=d\r\n\r\n', uuid],
    ['in its address', 'GET /files/%0d%0aset-cookie:%20c=d HTTP/1.1\r\nhost: a\r\n\r\n', uuid],
    ['in its method', 'GET\r\nset-cookie: c=d\r\n /models HTTP/1.1\r\nhost: a\r\n\r\n', uuid],
    ['in its origin', 'GET /models HTTP/1.1\r\nhost: a\r\norigin: https://a%0d%0aset-cookie:c=d\r\n\r\n', uuid],
    ['in its host', 'GET / HTTP/1.1\r\nhost: a%0d%0aset-cookie:c=d\r\n\r\n', uuid],
  ])('sets no header of ours, %s', async (_, sent, requestId) => {
    const answers = await answersTo(sent);
    expect(answers).toHaveLength(1);
    expectOnlyOurHeaders(answers);
    const [, answered] = answers[0]!.headers.find(([name]) => name === 'x-request-id')!;
    expect(answered).toMatch(requestId);
  });

  it.each(['a\r\nset-cookie: c=d', 'a\rset-cookie: c=d', 'a%0d%0aset-cookie: c=d', String.raw`a\r\nset-cookie: c=d`])(
    'sets no header with the name of a file: %j',
    async (filename) => {
      const names: string[] = [];
      gateway.storage.answer(openUpload, async (request) => {
        names.push(request.filename ?? '');
        return { upload_url: gateway.store.urlOf('upload') };
      });
      gateway.store.verdict = () => aFile({ filename });
      const body = form(filename);
      const answers = await answersTo(
        `POST /upload HTTP/1.1\r\nhost: a\r\nauthorization: ${gateway.bearer}\r\n` +
          `content-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      expect(answers).toHaveLength(1);
      expectOnlyOurHeaders(answers);
      for (const name of names) expect(name).not.toMatch(/[\r\n]/);
    },
  );

  it.each(['a\r\nset-cookie: c=d', 'a"\r\n\r\n<script>', 'a\u0085set-cookie: c=d', 'a\u2028b'])(
    'gets a file with a name that some storage let through as one safe header: %j',
    async (filename) => {
      const file = aFile({ filename, size_bytes: 3 });
      gateway.store.objects.set(file.file_id, Buffer.from('abc'));
      gateway.storage
        .answer(findFile, async () => file)
        .answer(openDownload, async () => ({ file, download_url: gateway.store.urlOf(file.file_id) }));
      const answers = await answersTo(
        `GET /files/${file.file_id} HTTP/1.1\r\nhost: a\r\nauthorization: ${gateway.bearer}\r\n\r\n`,
      );
      expect(answers.map(({ status }) => status)).toEqual([200]);
      expectOnlyOurHeaders(answers);
    },
  );
});
