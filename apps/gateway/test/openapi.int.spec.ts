import type { OpenAPIObject } from '@nestjs/swagger';
import { Conversion, NewTask } from '#contracts';
import { validated } from '#messaging';
import { loadConfig } from '#runtime';
import { createGateway } from '../src/create-gateway.js';
import { GatewayConfig } from '../src/gateway.config.js';
import { RouteTable } from '../src/server/route-table.js';
import { openApiDocument } from '../src/site/openapi.setup.js';
import { aGateway, type TestGateway } from './a-gateway.js';

/** The document itself and the pages of Swagger UI are the only routes that it does not describe. */
const undescribed = /^\/docs|^\/openapi\.json$/;
const anId = '01900000-0000-7000-8000-000000000000';

describe('the OpenAPI document', () => {
  let gateway: TestGateway;
  let document: OpenAPIObject;
  beforeAll(async () => {
    gateway = await aGateway();
    document = (await gateway.http.get('/openapi.json').expect(200)).body as OpenAPIObject;
  });
  afterAll(() => gateway.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        method,
        path,
        operation: operation as NonNullable<(typeof item)['get']>,
      })),
    );

  it('describes every route, and no other', () => {
    const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const routes = gateway.app
      .get(RouteTable)
      .all()
      .map(({ method, url }) => ({ method, path: url.replaceAll(/:(\w+)/g, '{$1}') }))
      .filter(({ path }) => !undescribed.test(path));
    const served = routes.map(({ method, path }) => `${method} ${path}`);
    // the router answers HEAD wherever it answers GET; the document names it where it is a promise
    expect(served.filter((route) => !route.startsWith('HEAD')).toSorted()).toEqual(
      described.filter((route) => !route.startsWith('HEAD')).toSorted(),
    );
    expect(described.filter((route) => route.startsWith('HEAD')).filter((route) => !served.includes(route))).toEqual(
      [],
    );
  });

  it('says truly which routes need a token', async () => {
    for (const { method, path, operation } of operations()) {
      const url = path.replaceAll(/\{\w+\}/g, anId);
      const { status, body } = await gateway.http[method as 'get'](url);
      const turnedAway =
        status === 401 && (method === 'head' || (body as { code: string }).code === 'authentication_required');
      expect({ route: `${method} ${path}`, turnedAway }).toEqual({
        route: `${method} ${path}`,
        turnedAway: operation.security !== undefined,
      });
    }
  });

  it('gives every operation a name of its own, a summary, and problems for refusals', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operation, path } of operations()) {
      const refusals = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      for (const [status, response] of [...refusals, ['default', operation.responses.default] as const]) {
        expect([path, status, Object.keys((response as { content: object }).content)]).toEqual([
          path,
          status,
          ['application/problem+json'],
        ]);
      }
    }
    const silent = operations().filter(({ operation, path }) => !operation.summary && !path.startsWith('/health'));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('fills in requests that are accepted, and refusals of the status they stand for', () => {
    const { requestBody, responses } = document.paths['/generate']!.post!;
    type Content = Record<string, { example?: object; examples?: Record<string, { value: unknown }> }>;
    const { examples = {} } = (requestBody as unknown as { content: Content }).content['application/json']!;
    expect(Object.keys(examples)).toEqual(['prompt', 'picture', 'auto', 'mesh']);
    for (const { value } of Object.values(examples)) expect(validated(NewTask, value)).toMatchObject(value as object);
    const further = document.paths['/generate/{task_id}/convert']!.post!.requestBody as unknown as { content: Content };
    for (const { value } of Object.values(further.content['application/json']!.examples!)) {
      expect(validated(Conversion, value)).toMatchObject(value as object);
    }
    const refused = (responses['429'] as unknown as { content: Content }).content['application/problem+json']!;
    expect(refused.example).toMatchObject({ status: 429, code: 'too_many_queued_tasks' });
  });

  it('says which models may be fallen back on', () => {
    const { properties } = document.components!.schemas!.NewTask as { properties: Record<string, object> };
    expect(properties.model).toMatchObject({ description: expect.stringContaining('auto') });
    expect(properties.fallback_models).toMatchObject({
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 100 },
      maxItems: 4,
      uniqueItems: true,
    });
  });

  it('names each code of a refusal once', () => {
    const descriptions = operations().flatMap(({ operation }) =>
      Object.values(operation.responses).map((response) => (response as { description: string }).description),
    );
    const lists = descriptions.filter((text) => text.includes('_')).map((text) => text.split(/[^a-z_]+/));
    expect(lists.length).toBeGreaterThan(20);
    for (const codes of lists) expect(codes).toEqual([...new Set(codes)]);
    expect(descriptions).toContain('invalid_parameters');
  });

  it('says how a request is sent again, how a task is waited for, and how its events are followed', () => {
    const named = (path: string, method: 'get' | 'post') =>
      (document.paths[path]![method]!.parameters as { name: string; in: string }[]).map((it) => `${it.in} ${it.name}`);
    expect(named('/generate', 'post')).toContain('header Idempotency-Key');
    expect(JSON.stringify(document.paths['/generate']!.post)).toContain('after a 503');
    expect(document.paths['/generate']!.post!.responses['202']).toMatchObject({
      headers: { Location: expect.anything(), 'Idempotent-Replayed': expect.anything() },
    });
    expect(named('/generate/{task_id}/convert', 'post')).toContain('header Idempotency-Key');
    for (const path of ['/files/{file_id}', '/generate/{task_id}/result']) {
      expect(named(path, 'get')).toContain('query redirect');
      expect(document.paths[path]!.get!.responses).toHaveProperty('302');
    }
    expect(named('/files', 'get')).toEqual(expect.arrayContaining(['query kind', 'query limit', 'query cursor']));
    expect(named('/generate', 'get')).toEqual(expect.arrayContaining(['query status', 'query limit', 'query cursor']));
    expect(named('/generate/{task_id}', 'get')).toContain('query wait');
    expect(named('/generate/{task_id}/events', 'get')).toContain('header Last-Event-ID');
    expect(document.paths['/generate/{task_id}/events']!.get!.responses).toMatchObject({
      200: { content: { 'text/event-stream': expect.anything() } },
      204: expect.anything(),
    });
  });

  it('points only at what it has', () => {
    const text = JSON.stringify(document);
    const schemas = Object.keys(document.components!.schemas!);
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]*)"/g)].map(([, name]) => name!);
    expect(named.filter((name) => !schemas.includes(name))).toEqual([]);
    expect(schemas).toEqual(expect.arrayContaining(['NewTask', 'TaskView', 'FileView', 'ProblemView', 'NewTaskForm']));
  });

  it('can be made without a broker', async () => {
    const settings = { RABBITMQ_URL: 'amqp://127.0.0.1:1', LOG_LEVEL: 'silent' };
    const app = await createGateway(loadConfig(GatewayConfig, settings));
    expect(JSON.parse(JSON.stringify(openApiDocument(app)))).toEqual(document);
    await app.getHttpAdapter().getInstance().close();
  });
});
