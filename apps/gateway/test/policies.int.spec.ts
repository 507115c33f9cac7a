import { ModulesContainer, Reflector } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type ApiScope, apiScopes } from '#contracts';
import { policyOf } from '../src/access/policy.decorator.js';
import { AccessGuard } from '../src/access/access.guard.js';
import { aGateway, type TestGateway } from './a-gateway.js';
import { KnownKeys } from './known-keys.js';

const anId = '01900000-0000-7000-8000-000000000000';

/** Who may call what: every route there is, and nothing else. */
const policies: Record<string, ApiScope | 'sessions' | 'anybody'> = {
  'get /': 'anybody',
  'get /health/live': 'anybody',
  'get /health/ready': 'anybody',
  'get /models': 'anybody',
  'get /.well-known/jwks.json': 'anybody',
  'post /auth/register': 'anybody',
  'post /auth/login': 'anybody',
  'post /auth/refresh': 'anybody',
  'post /auth/logout': 'anybody',
  'get /auth/profile': 'account:read',
  'patch /auth/profile': 'sessions',
  'delete /auth/profile': 'sessions',
  'put /auth/password': 'sessions',
  'get /auth/sessions': 'sessions',
  'delete /auth/sessions/{session_id}': 'sessions',
  'post /auth/api-keys': 'sessions',
  'get /auth/api-keys': 'sessions',
  'delete /auth/api-keys/{key_id}': 'sessions',
  'post /upload': 'files:write',
  'get /files': 'files:read',
  'delete /files/{file_id}': 'files:write',
  'head /files/{file_id}': 'files:read',
  'get /files/{file_id}': 'files:read',
  'get /files/{file_id}/metadata': 'files:read',
  'post /generate': 'generate',
  'get /generate': 'generate',
  'get /generate/{task_id}': 'generate',
  'delete /generate/{task_id}': 'generate',
  'head /generate/{task_id}/events': 'generate',
  'get /generate/{task_id}/events': 'generate',
  'head /generate/{task_id}/result': 'generate',
  'get /generate/{task_id}/result': 'generate',
  'post /generate/{task_id}/cancel': 'generate',
  'post /generate/{task_id}/convert': 'generate',
  'get /webhooks/secret': 'sessions',
  'post /webhooks/secret/rotate': 'sessions',
  'get /webhooks/deliveries': 'generate',
  'post /webhooks/deliveries/{delivery_id}/redeliver': 'generate',
};

describe('the policy of a route', () => {
  let gateway: TestGateway;
  let keys: KnownKeys;
  let document: OpenAPIObject;
  beforeAll(async () => {
    gateway = await aGateway({ RATE_LIMITS: 'off' });
    keys = new KnownKeys(gateway.auth);
    document = (await gateway.http.get('/openapi.json')).body as OpenAPIObject;
  });
  afterAll(() => gateway.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { security?: object[]; 'x-required-scope'?: string }>).map(
        ([method, operation]) => ({ route: `${method} ${path}`, operation }),
      ),
    );
  const call = (route: string, bearer: string) => {
    const [method, path] = route.split(' ') as ['get', string];
    return gateway.http[method](path.replaceAll(/\{\w+\}/g, anId)).set('authorization', bearer);
  };

  it('is there for every route of every controller', () => {
    const reflector = gateway.app.get(Reflector);
    const controllers = [...gateway.app.get(ModulesContainer).values()].flatMap((module) => [
      ...module.controllers.values(),
    ]);
    const handlers = controllers.flatMap(({ metatype }) => {
      const { prototype } = metatype as { prototype: Record<string, () => unknown> };
      return Object.getOwnPropertyNames(prototype)
        .filter((name) => Reflect.hasMetadata('method', prototype[name]!))
        .map((name) => policyOf(reflector, prototype[name]!, metatype as never));
    });
    expect(handlers).toHaveLength(Object.keys(policies).length);
  });

  it('is what this table says, and the OpenAPI document says it too', () => {
    const documented = operations().map(({ route, operation }) => {
      const schemes = (operation.security ?? []).flatMap((scheme) => Object.keys(scheme));
      if (schemes.length === 0) return [route, 'anybody'];
      return [route, schemes.includes('api_key') ? operation['x-required-scope'] : 'sessions'];
    });
    expect(Object.fromEntries(documented)).toEqual(policies);
  });

  it.each([[], ...apiScopes.map((scope) => [scope]), [...apiScopes]].map((scopes) => ({ scopes })))(
    'lets an API key with $scopes do what they name, and nothing else',
    async ({ scopes }) => {
      const { bearer } = keys.add({ account_id: gateway.accountId, scopes });
      for (const [route, needed] of Object.entries(policies)) {
        const { status, headers } = await call(route, bearer);
        const allowed = needed === 'anybody' || (scopes as string[]).includes(needed);
        expect({ route, refused: status === 403 }).toEqual({ route, refused: !allowed });
        expect(status).not.toBe(needed === 'anybody' ? 403 : 401);
        if (allowed) continue;
        const scope = needed === 'sessions' ? '' : `, scope="${needed}"`;
        expect(headers['www-authenticate']).toMatch(
          new RegExp(`^Bearer realm="lathe", error="insufficient_scope", error_description="[^"]+"${scope}$`),
        );
      }
    },
  );

  it('lets a session do everything', async () => {
    for (const route of Object.keys(policies)) {
      const { status } = await call(route, gateway.bearer);
      expect([route, status === 401 || status === 403 ? status : 'let in']).toEqual([route, 'let in']);
    }
  });

  it('is not forgotten: a handler without one is called by nobody', async () => {
    class Forgetful {
      readonly secret = 'secret';
    }
    const read = (): string => new Forgetful().secret;
    const guard = new AccessGuard(gateway.app.get(Reflector));
    const context = { getHandler: () => read, getClass: () => Forgetful };
    await expect(guard.canActivate(context as never)).rejects.toThrow('Forgetful.read does not say who may call it');
  });
});
