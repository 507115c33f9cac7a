import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response, Test } from 'supertest';
import {
  type Allowance,
  findTask,
  listModels,
  Problem,
  registerAccount,
  takeAllowance,
  type TakeAllowance,
} from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aToken } from './tokens.js';
import { aTask } from './views.js';

const settings = {
  TRUST_PROXY: '127.0.0.1',
  CORS_ORIGINS: 'https://app.example.org',
  RATE_LIMIT_PER_ADDRESS: '40',
  RATE_LIMIT_PER_ACCOUNT: '20',
  REGISTRATIONS_PER_ADDRESS: '3',
};

/** The shared counters, as the auth service answers for them; no window of a test ends. */
class SharedPoints {
  readonly asked: TakeAllowance[] = [];
  private readonly used = new Map<string, number>();

  take = async (request: TakeAllowance): Promise<Allowance> => {
    this.asked.push(request);
    const used = this.used.get(request.bucket) ?? 0;
    const granted = Math.min(request.points, request.limit - used);
    this.used.set(request.bucket, used + granted);
    return { granted, remaining: request.limit - used - granted, resets_in_ms: 30_000 };
  };
}

async function limitedGateway(about: Record<string, string> = {}): Promise<TestGateway & { shared: SharedPoints }> {
  const gateway = await aGateway({ ...settings, ...about });
  const shared = new SharedPoints();
  gateway.auth.answer(takeAllowance, shared.take).answer(registerAccount, async () => {
    throw new Problem('email_taken');
  });
  gateway.task
    .answer(listModels, async () => ({ models: [] }))
    .answer(findTask, async ({ task_id }) => aTask({ task_id }));
  return Object.assign(gateway, { shared });
}

/** Sends so many requests one after the other, and tells their statuses. */
async function statusesOf(times: number, send: () => Test): Promise<number[]> {
  const statuses: number[] = [];
  for (let sent = 0; sent < times; sent++) statuses.push((await send()).status);
  return statuses;
}

const times = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

const codeOf = ({ body }: Response): unknown => (body as { code: unknown }).code;

describe('the rate limits', () => {
  let gateway: Awaited<ReturnType<typeof limitedGateway>>;
  let next = 0;
  beforeAll(async () => {
    gateway = await limitedGateway();
  });
  afterAll(() => gateway.stop());

  /** An address that no other test sends from. */
  const anAddress = (): string => `198.51.100.${++next}`;
  const from = (address: string) => ({
    models: () => gateway.http.get('/models').set('x-forwarded-for', address),
    nowhere: () => gateway.http.get('/nowhere').set('x-forwarded-for', address),
    task: (token = aToken({ key: gateway.key })) =>
      gateway.http
        .get(`/generate/${randomUUID()}`)
        .set({ 'x-forwarded-for': address, authorization: `Bearer ${token}` }),
    register: (body: object) => gateway.http.post('/auth/register').set('x-forwarded-for', address).send(body),
  });

  it('are told with every answer, each that the request came under', async () => {
    const { headers } = await from(anAddress()).task().expect(200);
    expect(headers['ratelimit-policy']).toBe('"address";q=40;w=60, "account";q=20;w=60');
    expect(headers.ratelimit).toMatch(/^"address";r=39;t=(2\d|30), "account";r=19;t=(2\d|30)$/);
  });

  it('count every request of an address, and refuse those beyond the limit until the window is over', async () => {
    const address = from(anAddress());
    expect(await statusesOf(40, address.models)).toEqual(times(40, 200));
    const refused = await address.models().expect(429).expect('content-type', 'application/problem+json');
    expect(codeOf(refused)).toBe('too_many_requests');
    expect(refused.headers.ratelimit).toMatch(/^"address";r=0;t=(2\d|30)$/);
    expect(refused.headers['retry-after']).toMatch(/^(2\d|30)$/);
    expect(refused.headers['x-request-id']).toBe((refused.body as { request_id: string }).request_id);
    await from(anAddress()).models().expect(200);
  });

  it('refuse a spent address before its token is verified, its body is read, and its route is missed', async () => {
    const address = anAddress();
    await statusesOf(40, from(address).models);
    const noJson = gateway.http
      .post('/auth/register')
      .set({ 'x-forwarded-for': address, 'content-type': 'application/json' })
      .send('{"email":');
    const answers = await Promise.all([from(address).task('not a token'), noJson, from(address).nowhere()]);
    expect(answers.map(({ status }) => status)).toEqual(times(3, 429));
  });

  it('count what leads nowhere and what is refused for its token', async () => {
    const { nowhere, task, models } = from(anAddress());
    expect(await statusesOf(20, nowhere)).toEqual(times(20, 404));
    expect(await statusesOf(20, () => task('not a token'))).toEqual(times(20, 401));
    await models().expect(429);
  });

  it('count the requests of an account wherever they come from', async () => {
    const token = aToken({ key: gateway.key });
    expect(await statusesOf(20, () => from(anAddress()).task(token))).toEqual(times(20, 200));
    const refused = await from(anAddress()).task(token).expect(429);
    expect(refused.headers.ratelimit).toMatch(/^"address";r=39;t=\d+, "account";r=0;t=\d+$/);
    await from(anAddress()).task().expect(200);
  });

  it('count a whole /64 of IPv6 as one address, and IPv4 within IPv6 as IPv4', async () => {
    let host = 0;
    expect(await statusesOf(40, () => from(`2001:db8:0:1::${(++host).toString(16)}`).models())).toEqual(times(40, 200));
    await from('2001:db8:0:1:ffff::1').models().expect(429);
    await from('2001:db8:0:2::1').models().expect(200);
    const address = anAddress();
    await statusesOf(40, from(`::ffff:${address}`).models);
    await from(address).models().expect(429);
  });

  it('count attempts to register by the hour', async () => {
    const address = from(anAddress());
    const { headers } = await address.register({}).expect(422);
    expect(headers['ratelimit-policy']).toBe('"address";q=40;w=60, "registrations";q=3;w=3600');
    await address.register({ email: 'ada@example.org', password: 'a long passphrase' }).expect(409);
    await address.register({}).expect(422);
    const refused = await address.register({}).expect(429);
    expect(refused.headers.ratelimit).toMatch(/"registrations";r=0;t=\d+$/);
  });

  it('cost probes and pages for people nothing', async () => {
    const address = anAddress();
    for (const path of ['/', '/docs', '/docs/swagger-ui.css', '/openapi.json', '/health/live', '/health/ready']) {
      const { headers } = await gateway.http.get(path).set('x-forwarded-for', address).expect(200);
      expect(headers).not.toHaveProperty('ratelimit');
    }
    expect(gateway.shared.asked.map(({ bucket }) => bucket)).not.toContain(`address:${address}/32`);
  });

  it.each<['get' | 'head' | 'post' | 'put' | 'patch' | 'delete', string, number]>([
    ['post', '/generate', 10],
    ['post', '/upload', 10],
    ['post', '/auth/register', 10],
    ['post', '/auth/login', 10],
    ['put', '/auth/password', 10],
    ['delete', '/auth/profile', 10],
    ['post', '/auth/refresh', 5],
    ['get', `/files/${randomUUID()}`, 2],
    ['head', `/files/${randomUUID()}`, 2],
    ['get', `/generate/${randomUUID()}/result`, 2],
    ['head', `/generate/${randomUUID()}/result`, 2],
    ['get', `/generate/${randomUUID()}`, 1],
    ['get', '/generate', 1],
    ['get', `/generate/${randomUUID()}/events`, 1],
    ['delete', `/generate/${randomUUID()}`, 1],
    ['get', '/auth/profile', 1],
    ['post', '/auth/logout', 1],
    ['get', '/.well-known/jwks.json', 1],
  ])('price %s %s at %i', async (method, path, cost) => {
    const { headers } = await gateway.http[method](path).set('x-forwarded-for', anAddress());
    expect(headers.ratelimit).toMatch(new RegExp(`^"address";r=${40 - cost};`));
  });

  it('are in the OpenAPI document, for every route that costs something', async () => {
    const { paths } = (await gateway.http.get('/openapi.json')).body as OpenAPIObject;
    const limited = (path: string, method: 'get' | 'post') => paths[path]![method]!.responses['429'];
    expect(limited('/generate', 'post')).toMatchObject({
      description: expect.stringMatching(/too_many_queued_tasks, too_many_requests$/),
      headers: {
        RateLimit: expect.anything(),
        'RateLimit-Policy': expect.anything(),
        'Retry-After': expect.anything(),
      },
    });
    expect(limited('/models', 'get')).toMatchObject({ description: 'too_many_requests' });
    expect(limited('/', 'get')).toBeUndefined();
    expect(limited('/health/ready', 'get')).toBeUndefined();
  });

  it('hold for logging out too, which is answered 204 whatever its body is', async () => {
    const address = anAddress();
    await statusesOf(40, from(address).models);
    const { status } = await gateway.http.post('/auth/logout').set('x-forwarded-for', address).send({});
    expect(status).toBe(429);
  });

  it('can be read by a page of an allowed origin, whose preflights cost nothing', async () => {
    const address = anAddress();
    const page = { origin: 'https://app.example.org', 'x-forwarded-for': address };
    const preflight = () => gateway.http.options('/models').set({ ...page, 'access-control-request-method': 'GET' });
    expect(await statusesOf(50, preflight)).toEqual(times(50, 204));
    expect(await statusesOf(40, from(address).models)).toEqual(times(40, 200));
    const { headers } = await gateway.http.get('/models').set(page).expect(429);
    expect(headers['access-control-allow-origin']).toBe(page.origin);
    expect(headers['access-control-expose-headers']).toMatch(/RateLimit, RateLimit-Policy/);
  });

  it('ask the auth service for what is needed, and not at all about what is spent', async () => {
    const address = anAddress();
    await statusesOf(60, from(address).models);
    const questions = gateway.shared.asked.filter(({ bucket }) => bucket === `address:${address}/32`);
    expect(questions).toHaveLength(40);
    expect(questions[0]).toEqual({ bucket: `address:${address}/32`, points: 1, limit: 40, window_seconds: 60 });
  });
});

describe('the rate limits, when the auth service', () => {
  let gateway: Awaited<ReturnType<typeof limitedGateway>>;
  beforeEach(async () => {
    gateway = await limitedGateway();
  });
  afterEach(() => gateway.stop());

  const readTask = () => gateway.http.get(`/generate/${randomUUID()}`).set('authorization', gateway.bearer);

  it('is away, are held by the gateway alone, and good tokens go on working', async () => {
    await gateway.auth.stop();
    expect(await statusesOf(25, readTask)).toEqual([...times(20, 200), ...times(5, 429)]);
  });

  it('does not answer, make one request wait, not each of them', async () => {
    const release = new EventEmitter();
    gateway.auth.answer(takeAllowance, async (request) => {
      await once(release, 'now');
      return gateway.shared.take(request);
    });
    const begun = performance.now();
    expect(await statusesOf(25, readTask)).toEqual([...times(20, 200), ...times(5, 429)]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    release.emit('now');
  });
});

describe('the rate limits, switched off,', () => {
  it('limit nothing and say nothing', async () => {
    const gateway = await limitedGateway({ RATE_LIMITS: 'off' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => gateway.http.get('/models')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers[0]!.headers).not.toHaveProperty('ratelimit');
    expect(gateway.shared.asked).toEqual([]);
    await gateway.stop();
  });
});
