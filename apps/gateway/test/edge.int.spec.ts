import { createHash, randomUUID } from 'node:crypto';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { findTask, listModels, openSession, Problem, problems, registerAccount } from '#contracts';
import { currentRequest } from '#telemetry';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aModel, aTask } from './views.js';

describe('the edge', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await aGateway();
    gateway.task
      .answer(listModels, async () => ({ models: [aModel()] }))
      .answer(findTask, async ({ task_id }) => aTask({ task_id, prompt: currentRequest()?.requestId ?? null }));
  });
  afterAll(() => gateway.stop());

  const logIn = (body: string | object, type = 'application/json') =>
    gateway.http.post('/auth/login').set('content-type', type).send(body);

  describe('refuses', () => {
    const asked = jest.fn(async () => {
      throw new Problem('invalid_credentials');
    });
    beforeAll(() => {
      gateway.auth.answer(openSession, asked);
      gateway.auth.answer(registerAccount, async () => {
        throw new Error('password column is missing in accounts');
      });
    });
    beforeEach(() => asked.mockClear());

    const right = { email: 'ada@example.org', password: 'secret' };
    const cases: [string, () => ReturnType<typeof logIn>, number, string][] = [
      ['an unknown route', () => gateway.http.get('/nowhere'), 404, 'not_found'],
      ['a method that a route has not', () => gateway.http.delete('/models'), 405, 'method_not_allowed'],
      ['JSON that is none', () => logIn('{"email":'), 400, 'malformed_request'],
      ['no JSON at all', () => logIn(''), 400, 'malformed_request'],
      ['JSON that reaches for the prototype', () => logIn('{"__proto__":{"a":1}}'), 400, 'malformed_request'],
      ['text', () => logIn('email', 'text/plain'), 415, 'unsupported_media_type'],
      ['a urlencoded form', () => logIn('a=b', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type'],
      ['XML', () => logIn('<a/>', 'application/xml'), 415, 'unsupported_media_type'],
      [
        'a form where JSON is due',
        () => gateway.http.post('/auth/login').field('email', 'a'),
        415,
        'unsupported_media_type',
      ],
      ['a list', () => logIn('[]'), 422, 'invalid_parameters'],
      ['null', () => logIn('null'), 422, 'invalid_parameters'],
      ['a missing field', () => logIn({ email: right.email }), 422, 'invalid_parameters'],
      ['an unknown field', () => logIn({ ...right, role: 'admin' }), 422, 'invalid_parameters'],
      ['a long body', () => logIn({ ...right, password: 'x'.repeat(300_000) }), 413, 'payload_too_large'],
      ['an address that cannot be decoded', () => gateway.http.get('/files/%E0%A4%A'), 400, 'malformed_request'],
    ];

    it.each(cases)('%s, without asking anybody', async (_, call, status, code) => {
      const { body, headers } = await call().expect(status).expect('content-type', 'application/problem+json');
      expect(body).toMatchObject({
        type: `/problems/${code}`,
        title: problems[code as keyof typeof problems],
        status,
        code,
        detail: expect.any(String),
        request_id: headers['x-request-id'],
      });
      expect(headers['cache-control']).toBe('no-store');
      expect(asked).not.toHaveBeenCalled();
    });

    it.each([
      ['what is no HTTP', 'NONSENSE\r\n\r\n'],
      ['headers without an end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
      [
        'two lengths of one body',
        'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      ],
    ])('%s', async (_, sent) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      socket.end(sent);
      const [head, body] = (await text(socket)).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json\r\n/);
      expect(JSON.parse(body!)).toMatchObject({ code: 'malformed_request', status: 400 });
    });

    it('naming every wrong place', async () => {
      const { body } = await logIn({ password: 5, role: 'admin' }).expect(422);
      const pointers = (body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
      expect(pointers.toSorted()).toEqual(['/email', '/password', '/role']);
    });

    it('naming the methods that there are', async () => {
      const { headers } = await gateway.http.delete('/models');
      expect(headers.allow).toBe('GET, HEAD');
    });

    it.each([
      '/generate/1',
      '/generate/not-an-id/result',
      '/files/1',
      '/files/1/metadata',
      `/files/${'9'.repeat(300)}`,
    ])('an id that is none as a missing thing: %s', async (path) => {
      const { body } = await gateway.http.get(path).set('authorization', gateway.bearer).expect(404);
      expect(body).toMatchObject({ code: 'not_found' });
    });

    it('what a service refuses, as the service says it', async () => {
      const { body, headers } = await logIn(right).expect(401);
      expect(body).toMatchObject({ code: 'invalid_credentials' });
      expect(headers['www-authenticate']).toBe('Bearer realm="lathe"');
    });

    it('what fails inside, without a word about the inside', async () => {
      const account = { email: 'ada@example.org', password: 'a long passphrase' };
      const { body, text: sent } = await gateway.http.post('/auth/register').send(account).expect(500);
      expect(body).toMatchObject({ code: 'internal_error', detail: problems.internal_error });
      expect(sent).not.toMatch(/column|stack|Error:/);
    });
  });

  describe('gives every answer a request id', () => {
    const sane = 'trace-1.2_3';

    it('the one of the caller', async () => {
      await gateway.http.get('/models').set('x-request-id', sane).expect(200).expect('x-request-id', sane);
      const { body } = await gateway.http.get('/nowhere').set('x-request-id', sane).expect('x-request-id', sane);
      expect(body).toMatchObject({ request_id: sane });
    });

    it.each(['a b', 'x'.repeat(65), '<b>'])('its own instead of %j', async (given) => {
      const { headers } = await gateway.http.get('/models').set('x-request-id', given);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('and every service it asks the same one, however many requests are under way', async () => {
      const ids = Array.from({ length: 50 }, () => `parallel-${randomUUID()}`);
      const answers = await Promise.all(
        ids.map((id) =>
          gateway.http.get(`/generate/${randomUUID()}`).set({ authorization: gateway.bearer, 'x-request-id': id }),
        ),
      );
      // the stand-in answers with the id it was asked under, in the place of the prompt
      expect(answers.map(({ body }) => (body as { prompt: string }).prompt)).toEqual(ids);
    });
  });

  it('sets safe headers, and says nothing about what it is made of', async () => {
    const { headers } = await gateway.http.get('/models').expect(200);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('lists the models to everybody as a bare list', async () => {
    const { body } = await gateway.http.get('/models').expect(200);
    expect(body).toEqual([aModel()]);
  });

  it('is alive, and ready when the broker is there and it knows what is good and what is not any more', async () => {
    await gateway.http.get('/health/live').expect(200);
    const { body } = await gateway.http.get('/health/ready').expect(200);
    const needed = ['broker', 'key_set', 'revocations', 'accepting', 'broadcasts', 'store'];
    expect(Object.keys((body as { details: object }).details)).toEqual(needed);
  });

  it('has a page for people, with no script and a style that its policy names', async () => {
    const { text: page, headers } = await gateway.http.get('/').set('host', 'lathe.example').expect(200);
    const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect(page).not.toMatch(/<script| on\w+=/);
    expect(page).toContain('curl http://lathe.example/auth/register');
  });

  it('lets no Host header into the page', async () => {
    const page = await new Promise<string>((resolve, reject) => {
      const call = httpGet(
        gateway.url,
        { headers: { host: 'a"><script>alert(1)</script>' } },
        (answer: IncomingMessage) => {
          answer.setEncoding('utf8').on('data', (start: string) => resolve(start));
        },
      );
      call.on('error', reject);
    });
    expect(page).not.toContain('<script>');
  });

  it('serves the API document and Swagger UI, which runs only its own scripts', async () => {
    const { body } = await gateway.http.get('/openapi.json').expect(200);
    expect((body as { openapi: string }).openapi).toMatch(/^3\./);
    const { text: page, headers } = await gateway.http.get('/docs').expect(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.match(/<script[^>]*>/g)!.every((tag) => tag.includes('src='))).toBe(true);
    for (const [, file] of page.matchAll(/(?:src|href)="\.\/(docs\/[^"]+)"/g))
      await gateway.http.get(`/${file}`).expect(200);
  });
});
