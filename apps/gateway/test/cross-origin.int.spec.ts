import { listModels } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';

const allowed = ['https://app.example.org', 'http://localhost:5173'];
const foreign = [
  'https://app.example.org.evil.example',
  'https://evil-app.example.org',
  'https://app.example.org:8443',
  'http://app.example.org',
  'https://APP.example.org',
  'https://app.example.orgevil',
  'http://localhost',
  'null',
  '*',
  'https://app.example.org/',
];

describe('pages of other origins', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await aGateway({ CORS_ORIGINS: allowed.join(', ') });
    gateway.task.answer(listModels, async () => ({ models: [] }));
  });
  afterAll(() => gateway.stop());

  const preflight = (origin: string) =>
    gateway.http.options('/generate').set({ origin, 'access-control-request-method': 'POST' });

  it.each(allowed)('may read the API from %s', async (origin) => {
    const { headers } = await gateway.http.get('/models').set('origin', origin).expect(200);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-expose-headers']).toContain('X-Request-Id');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(headers.vary).toMatch(/origin/i);
  });

  it.each(allowed)('may ask first from %s, without a token', async (origin) => {
    const { headers } = await preflight(origin).expect(204);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-allow-headers']).toContain('Authorization');
    expect(headers).toHaveProperty('x-request-id');
  });

  it.each(foreign)('may not from %s, and the answer varies with the origin', async (origin) => {
    for (const { headers } of [await gateway.http.get('/models').set('origin', origin), await preflight(origin)]) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers.vary).toMatch(/origin/i);
    }
  });

  it('see refusals too: a page is told why', async () => {
    const { headers } = await gateway.http.get('/auth/profile').set('origin', allowed[0]!).expect(401);
    expect(headers['access-control-allow-origin']).toBe(allowed[0]);
  });
});
