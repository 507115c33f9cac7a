import { randomUUID } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import { allContracts } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';

/** What belongs to the server, and would be worth having. */
const tempting = {
  id: randomUUID(),
  role: 'admin',
  is_admin: true,
  owner_id: randomUUID(),
  account_id: randomUUID(),
  session_id: randomUUID(),
  task_id: randomUUID(),
  key_id: randomUUID(),
  client: { address: '203.0.113.7', user_agent: null },
  status: 'succeeded',
  created_at: '2026-01-02T03:04:05.000Z',
  scopes: ['generate'],
  password_hash: 'x',
  key: 'x',
  attempt: 0,
  toString: 'x',
  hasOwnProperty: true,
};

/** A body of each operation that the server takes. */
const bodies: Record<string, object> = {
  'post /auth/register': { email: 'ada@example.org', password: 'a long passphrase' },
  'post /auth/login': { email: 'ada@example.org', password: 'a long passphrase' },
  'post /auth/refresh': { refresh_token: 'r' },
  'patch /auth/profile': { display_name: 'Ada' },
  'delete /auth/profile': { password: 'a long passphrase' },
  'put /auth/password': { current_password: 'old', new_password: 'a new passphrase' },
  'post /auth/api-keys': { name: 'farm', scopes: ['generate'] },
  'post /generate': { prompt: 'a red mug' },
  'post /generate/{task_id}/convert': { output_formats: ['stl'] },
};

/** Logging out is answered whatever the body is; only the token is read. */
const readsOneField = 'post /auth/logout';

describe('a field that a body does not declare', () => {
  let gateway: TestGateway;
  let document: OpenAPIObject;
  const asked: string[] = [];
  beforeAll(async () => {
    gateway = await aGateway({ RATE_LIMITS: 'off' });
    const services = { auth: gateway.auth, task: gateway.task, storage: gateway.storage };
    for (const rpc of allContracts().rpcs.filter(({ service }) => service in services)) {
      services[rpc.service as keyof typeof services].answer(rpc, async () => {
        asked.push(rpc.key);
        return {};
      });
    }
    document = (await gateway.http.get('/openapi.json')).body as OpenAPIObject;
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    asked.length = 0;
  });

  type Body = { content: Record<string, { schema: { $ref: string } }> };
  const withJson = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { requestBody?: Body }>).flatMap(([method, { requestBody }]) => {
        const schema = requestBody?.content['application/json']?.schema;
        return schema ? [{ route: `${method} ${path}`, schema: schema.$ref.split('/').at(-1)! }] : [];
      }),
    );
  const send = (route: string, body: object | string) => {
    const [method, path] = route.split(' ') as ['post', string];
    return gateway.http[method](path.replaceAll(/\{\w+\}/g, randomUUID()))
      .set({ authorization: gateway.bearer, 'content-type': 'application/json' })
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  };

  it('is tried on every operation that takes JSON', () => {
    const tried = [...Object.keys(bodies), readsOneField];
    expect(withJson().map(({ route }) => route)).toEqual(expect.arrayContaining(tried));
    expect(withJson()).toHaveLength(tried.length);
  });

  it.each(Object.keys(bodies))('is a 422, and nobody is asked to do anything: %s', async (route) => {
    const { schema } = withJson().find((operation) => operation.route === route)!;
    const { properties } = document.components!.schemas![schema] as { properties: object };
    for (const [name, value] of Object.entries(tempting).filter(([field]) => !Object.hasOwn(properties, field))) {
      const { body } = await send(route, { ...bodies[route], [name]: value }).expect(422);
      expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer: `/${name}` }] });
    }
    expect(asked).toEqual([]);
  });

  it.each(Object.keys(bodies))('is refused when it reaches for the prototype: %s', async (route) => {
    const whole = JSON.stringify(bodies[route]).slice(0, -1);
    for (const name of ['__proto__', 'constructor']) {
      const { body } = await send(route, `${whole},"${name}":{"prototype":{"role":"admin"}}}`).expect(400);
      expect(body).toMatchObject({ code: 'malformed_request' });
    }
    expect(asked).toEqual([]);
  });

  it.each(Object.keys(bodies))('is what makes the difference: %s without one is passed on', async (route) => {
    const { status } = await send(route, bodies[route]!);
    expect(status).not.toBe(422);
    expect(asked).not.toEqual([]);
  });

  it('goes nowhere when logging out', async () => {
    await send(readsOneField, { refresh_token: 'r', ...tempting }).expect(204);
    expect(asked).toEqual(['session.close']);
  });
});
