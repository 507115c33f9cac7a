import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { eventually } from '#testing';
import { choosePort } from '../local-stack/state/ports.js';
import { type Account, ComposedSystem } from './composed-system.js';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

const processes = ['gateway', 'auth', 'task', 'storage', 'ml-bridge', 'engine-1'];
const samplePicture = path.resolve('tools/demo/sample.png');
const aSecret = (): string => `s3cr3t${randomBytes(12).toString('hex')}`;

jest.setTimeout(180_000);

describe('who operates the system', () => {
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const requestId = `request-${randomBytes(4).toString('hex')}`;
  /** What nobody but its owner may read, each by what it is. */
  const secrets: Record<string, string> = {
    prompt: `a mug ${aSecret()}`,
    negativePrompt: aSecret(),
    'a presigned address': 'X-Amz-Signature=',
  };
  let collector: OtlpReceiver;
  let system: ComposedSystem;
  let ada: Account;
  let taskId: string;
  let internalPort: number;

  const portOf = (name: string): number => {
    const { ports } = JSON.parse(readFileSync(path.join(system.stack.dataDir, 'stack.json'), 'utf8')) as {
      ports: Record<string, number>;
    };
    return name === 'gateway' ? internalPort : ports[name]!;
  };
  const metricsOf = async (name: string): Promise<string[]> => {
    const { text } = await request(`http://127.0.0.1:${portOf(name)}`)
      .get('/metrics')
      .expect(200);
    return text.split('\n').filter((line) => /^(lathe_|nodejs_eventloop_lag_seconds )/.test(line));
  };
  const logs = (): string =>
    readdirSync(path.join(system.stack.dataDir, 'log'))
      .map((name) => readFileSync(path.join(system.stack.dataDir, 'log', name), 'utf8'))
      .join('\n');
  const linesAbout = (id: string): Record<string, unknown>[] =>
    logs()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.includes(id))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    collector = await OtlpReceiver.open();
    internalPort = await choosePort(undefined, new Set());
    system = await ComposedSystem.start({
      LOG_LEVEL: 'debug',
      INTERNAL_PORT: String(internalPort),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    ada = await system.account();
    const { body } = await ada
      .post('/generate', { prompt: secrets.prompt, negative_prompt: secrets.negativePrompt, output_formats: ['glb'] })
      .set({ traceparent, 'x-request-id': requestId })
      .expect(202);
    taskId = (body as { task_id: string }).task_id;
    expect(await ada.ended(taskId)).toMatchObject({ status: 'succeeded' });
  });

  afterAll(async () => {
    await system?.stop();
    await collector?.close();
  });

  it('sees one trace of a task, from the client to the worker and back', async () => {
    const ofTask = (): ReceivedSpan[] => collector.spans.filter((span) => span.traceId === traceId);
    const services = processes.filter((name) => name !== 'auth').map((name) => `lathe-${name.replace('-1', '')}`);
    await eventually(() => {
      const spans = ofTask();
      expect(spans.map(({ service }) => service)).toEqual(expect.arrayContaining(services));
      const known = new Set([traceparent.split('-')[2], ...spans.map(({ spanId }) => spanId)]);
      expect(spans.filter(({ parentSpanId }) => !known.has(parentSpanId ?? ''))).toEqual([]);
    }, 30_000);
    expect([...new Set(ofTask().map(({ name }) => name))]).toEqual(
      expect.arrayContaining(['POST /generate', 'task.create', 'task.dispatched', 'send job', 'text_to_3d', 'finish']),
    );
  });

  it('finds everything that was logged about a task by its id, its request and its trace', () => {
    const lines = linesAbout(taskId).filter(({ task_id }) => task_id === taskId);
    expect(new Set(lines.map(({ service }) => service))).toEqual(new Set(['task', 'ml-bridge', 'engine']));
    for (const line of lines) expect(line).toMatchObject({ trace_id: traceId });
    expect(linesAbout(requestId).map(({ service }) => service)).toEqual(expect.arrayContaining(['gateway', 'task']));
  });

  it('reads metrics of every process, on ports that clients do not reach', async () => {
    await system.api.get('/metrics').expect(404);
    const [gateway, auth, task, storage, bridge, engine] = await Promise.all(processes.map(metricsOf));
    const created = 'lathe_http_request_seconds_count{method="POST",route="/generate",status="202"} 1';
    expect(gateway).toEqual(
      expect.arrayContaining([created, 'lathe_rpc_called_seconds_count{key="task.create",outcome="ok"} 1']),
    );
    expect(auth).toContain('lathe_password_hashes_waiting 0');
    expect(task).toEqual(
      expect.arrayContaining([
        'lathe_tasks_ended_total{model="reference",status="succeeded"} 1',
        'lathe_attempts_total{model="reference",outcome="succeeded"} 1',
        'lathe_task_waited_seconds_count{model="reference"} 1',
      ]),
    );
    expect(storage).toContain('lathe_outbox_waiting 0');
    expect(bridge).toContain('lathe_slots{model="reference"} 1');
    expect(engine).toContainEqual(expect.stringMatching(/^nodejs_eventloop_lag_seconds /));
  });

  it('finds no label that a client made up', async () => {
    const madeUp = `madeup${randomBytes(4).toString('hex')}`;
    await ada.post('/generate', { prompt: 'a mug', model: madeUp }).expect(422);
    await ada.get(`/${madeUp}`).expect(404);
    await ada.get(`/generate/${madeUp}`);
    await request(system.services.gatewayUrl).get('/models').set('accept', madeUp);
    const lines = (await Promise.all(processes.map(metricsOf))).flat();
    expect(lines.filter((line) => line.includes(madeUp))).toEqual([]);
  });

  it('finds no secret and no prompt anywhere, whatever was asked and refused', async () => {
    await misbehave();
    const { accessKey: _, ...store } = system.stack.objectStore;
    const passwords = [...Object.values(system.stack.database.urls), ...Object.values(system.stack.broker.urls)];
    for (const [index, url] of passwords.entries()) secrets[`password ${index}`] = new URL(url).password;
    Object.assign(secrets, { store: store.secretKey, auth: system.stack.authSecret });
    const [spans, metrics] = [
      JSON.stringify(collector.spans),
      (await Promise.all(processes.map(metricsOf))).flat().join('\n'),
    ];
    expect(spans).toContain(requestId); // what is said is found
    const found = (text: string): string[] => Object.keys(secrets).filter((name) => text.includes(secrets[name]!));
    expect({ logs: found(logs()), spans: found(spans), metrics: found(metrics) }).toEqual({
      logs: [],
      spans: [],
      metrics: [],
    });
  });

  /** Sends secrets where they belong and where they do not, and is refused in many ways. */
  async function misbehave(): Promise<void> {
    const { email, password } = ada.credentials;
    const { access_token, refresh_token } = ada.tokens;
    Object.assign(secrets, { password, access_token, refresh_token, wrong: aSecret(), query: aSecret() });
    const { api } = system;
    const { wrong, query } = secrets as { wrong: string; query: string };
    const key = (await ada.post('/auth/api-keys', { name: 'a key', scopes: ['generate'] }).expect(201)).body as object;
    secrets.apiKey = Object.values(key).find((value) => String(value).length > 30) as string;
    secrets.webhook = ((await ada.get('/webhooks/secret').expect(200)).body as { secret: string }).secret;
    await api.post('/auth/login').send({ email, password: wrong }).expect(401);
    await api.post('/auth/login').send({ email, password: { $ne: wrong } });
    await api.post('/auth/register').send({ email: wrong, password: wrong }).expect(422);
    await api.post('/auth/register').type('json').send(`{"password": "${wrong}`).expect(400);
    await api.post('/auth/refresh').send({ refresh_token: wrong }).expect(401);
    await api.post('/auth/refresh').set('cookie', `refresh_token=${wrong}; other=${wrong}`).send({});
    await api.get('/auth/profile').set('authorization', `Bearer ${wrong}`).expect(401);
    await api.get('/auth/profile').set('authorization', `Basic ${wrong}`).expect(401);
    await api.get(`/generate?access_token=${query}&api_key=${query}`).expect(401);
    await ada.get(`/files?token=${query}`);
    await ada.post('/generate', { prompt: { text: wrong }, params: { seed: wrong } }).expect(422);
    await ada.post('/generate', { prompt: wrong, webhook_url: `http://user:${wrong}@127.0.0.1/?token=${wrong}` });
    await ada.post('/upload').attach('file', Buffer.from(wrong), { filename: 'a.png' });
    await ada.post('/upload').attach('file', samplePicture).expect(201);
    expect(Object.values(secrets).filter((secret) => !secret)).toEqual([]);
  }
});
