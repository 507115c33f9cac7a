import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { findTask, listModels } from '#contracts';
import { Departure } from '#runtime';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aTask } from './views.js';

const timeoutMs = 500;
/** Less than a call may take by default. */
const answeredWithinMs = 4500;

describe('the gateway, when something behind it fails,', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await aGateway({ RPC_TIMEOUT_MS: String(timeoutMs) });
    gateway.task.answer(listModels, async () => ({ models: [] }));
  });
  afterEach(() => gateway.stop());

  const expectUnavailable = async (): Promise<void> => {
    const begun = performance.now();
    const { body } = await gateway.http.get('/models').expect(503).expect('retry-after', '2');
    expect(performance.now() - begun).toBeLessThan(answeredWithinMs);
    expect(body).toMatchObject({ code: 'service_unavailable', detail: expect.stringContaining('task') });
  };

  it('says within the deadline that a service is away, and lives on', async () => {
    await gateway.task.stop();
    await expectUnavailable();
    await gateway.http.get('/health/live').expect(200);
  });

  it('says within the deadline that a service hangs', async () => {
    const release = new EventEmitter();
    gateway.task.answer(listModels, async () => {
      await once(release, 'now');
      return { models: [] };
    });
    await expectUnavailable();
    release.emit('now');
  });

  it('heals by itself when the broker drops every connection', async () => {
    await gateway.broker.dropConnections();
    for (const path of ['/models', '/health/ready']) {
      await eventually(async () => expect(await gateway.http.get(path)).toMatchObject({ status: 200 }));
    }
  });
});

describe('the gateway, on its way out,', () => {
  it('answers what is under way, takes nothing new, and leaves', async () => {
    const gateway = await aGateway();
    const release = new EventEmitter();
    const asked = new Promise<void>((resolve) => {
      gateway.task.answer(findTask, async ({ task_id }) => {
        resolve();
        await once(release, 'now');
        return aTask({ task_id });
      });
    });
    const agent = new Agent({ keepAlive: true });
    const client = httpGet(`${gateway.url}/generate/${randomUUID()}`, {
      agent,
      headers: { authorization: gateway.bearer },
    });
    await asked;
    const stopped = gateway.stop();
    await eventually(() => expect(gateway.http.get('/health/live')).rejects.toThrow('ECONNREFUSED'));
    release.emit('now');
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(response.headers.connection).toBe('close');
    expect(await json(response)).toMatchObject({ status: 'queued' });
    await stopped;
    agent.destroy();
  });

  it('leaves although the broker is gone', async () => {
    const gateway = await aGateway();
    await gateway.broker.drop();
    await eventually(async () => expect(await gateway.http.get('/health/ready')).toMatchObject({ status: 503 }));
    const begun = performance.now();
    await gateway.app.close();
    expect(performance.now() - begun).toBeLessThan(5000);
    await gateway.stop();
  });

  it('is not ready any more, and says why', async () => {
    const gateway = await aGateway();
    gateway.app.get(Departure).begin();
    const { body, headers } = await gateway.http.get('/health/ready').expect(503);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers.connection).toBe('close');
    expect(body).toMatchObject({
      code: 'service_unavailable',
      detail: 'Not ready: accepting',
      details: { accepting: { status: 'down' }, broker: { status: 'up' } },
    });
    await gateway.stop();
  });
});
