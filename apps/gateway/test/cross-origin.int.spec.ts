import type { Response } from 'supertest';
import { listModels } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';

const allowed = ['https://app.example.org', 'http://localhost:5173'];

const foreign: [what: string, origin: string][] = [
  ['a suffix', 'https://app.example.org.evil.example'],
  ['a suffix without a dot', 'https://app.example.orgevil'],
  ['a prefix', 'https://evil-app.example.org'],
  ['a subdomain', 'https://evil.app.example.org'],
  ['the parent', 'https://example.org'],
  ['another scheme', 'http://app.example.org'],
  ['a scheme of their own', 'app://app.example.org'],
  ['another port', 'https://app.example.org:8443'],
  ['the port of the scheme', 'https://app.example.org:443'],
  ['no port', 'http://localhost'],
  ['another port that begins alike', 'http://localhost:51730'],
  ['upper case', 'https://APP.example.org'],
  ['a trailing dot', 'https://app.example.org.'],
  ['a trailing slash', 'https://app.example.org/'],
  ['a path', 'https://app.example.org/page'],
  ['somebody', 'https://app.example.org@evil.example'],
  ['somebody at an allowed one', 'https://evil@app.example.org'],
  ['a fragment', 'https://evil.example#https://app.example.org'],
  ['two of them', 'https://app.example.org https://evil.example'],
  ['the whole list', allowed.join(', ')],
  ['a dot that is any character', 'https://appXexample.org'],
  ['a backquote', 'https://app.example.org`.evil.example'],
  ['an underscore', 'https://app.example.org_.evil.example'],
  ['a sandboxed page', 'null'],
  ['everybody', '*'],
  ['nobody', ''],
];

describe('pages of other origins', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await aGateway({ CORS_ORIGINS: allowed.join(', ') });
    gateway.task.answer(listModels, async () => ({ models: [] }));
  });
  afterAll(() => gateway.stop());

  const preflight = (origin: string) =>
    gateway.http
      .options('/generate')
      .set({ origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' });

  /** Every way in which a browser comes across an answer of another origin: asking first, reading, sending, being refused. */
  const everyWay = (origin: string): Promise<Response[]> =>
    Promise.all([
      preflight(origin),
      gateway.http.get('/models').set('origin', origin),
      gateway.http.post('/auth/login').set({ origin, 'content-type': 'text/plain' }).send('{}'),
      gateway.http.get('/auth/profile').set('origin', origin),
      gateway.http.get('/nowhere').set('origin', origin),
    ]);

  it.each(allowed)('may call the API from %s, and read its refusals', async (origin) => {
    for (const { headers } of await everyWay(origin)) {
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-credentials']).toBe('true');
      expect(headers.vary).toMatch(/origin/i);
    }
  });

  it.each(allowed)('are told from %s what they may send and read', async (origin) => {
    const { headers: before } = await preflight(origin).expect(204);
    expect(before['access-control-allow-headers']).toContain('Authorization');
    expect(before['access-control-allow-methods']).toContain('DELETE');
    expect(before['access-control-max-age']).toBe('600');
    expect(before).toHaveProperty('x-request-id');
    const { headers } = await gateway.http.get('/models').set('origin', origin).expect(200);
    expect(headers['access-control-expose-headers']).toMatch(/RateLimit, RateLimit-Policy, Retry-After/);
    expect(headers['access-control-expose-headers']).toContain('X-Request-Id');
  });

  it.each(foreign)('may not when theirs is %s: %j', async (_, origin) => {
    for (const { headers } of await everyWay(origin)) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers.vary).toMatch(/origin/i);
    }
  });

  it('are not what a program is that names none: the answer is no less kept apart by caches', async () => {
    const { headers } = await gateway.http.get('/models').expect(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers.vary).toMatch(/origin/i);
  });
});

describe('pages of other origins, where none is named,', () => {
  it('may read nothing', async () => {
    const gateway = await aGateway();
    gateway.task.answer(listModels, async () => ({ models: [] }));
    for (const origin of [...allowed, 'null', '*']) {
      const { headers } = await gateway.http.get('/models').set('origin', origin).expect(200);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
    await gateway.stop();
  });
});
