import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { get as httpGet } from 'node:http';
import { promisify } from 'node:util';
import { finalStatuses, taskRemoved } from '#contracts';
import { eventually } from '#testing';
import { WatchesService } from '../src/watching/watches.service.js';
import { aGateway, type TestGateway } from './a-gateway.js';
import { EventStream } from './event-stream.js';
import { KnownTasks } from './known-tasks.js';
import { aToken } from './tokens.js';

describe('the events of a task', () => {
  let gateway: TestGateway;
  let tasks: KnownTasks;
  beforeAll(async () => {
    gateway = await aGateway();
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    tasks = new KnownTasks(gateway.task);
  });

  const watched = () => gateway.app.get(WatchesService).size;
  const follow = (id: string, headers?: Record<string, string>, url?: string) =>
    EventStream.of(gateway, id, headers, url);
  const ask = (id: string, headers: Record<string, string> = {}, method: 'get' | 'head' = 'get') =>
    gateway.http[method](`/generate/${id}/events`).set({ authorization: gateway.bearer, ...headers });
  const following = async (id: string, headers?: Record<string, string>) => {
    const stream = await follow(id, headers);
    await eventually(() => expect(stream.text).toContain('retry:'));
    return stream;
  };

  it('begin with the task as it is, in an answer that nobody keeps or holds back', async () => {
    const id = tasks.add(gateway.accountId, { prompt: 'two\nlines' });
    tasks.change(id, { status: 'running', progress: 10 });
    const stream = await follow(id, { 'x-request-id': 'trace-1' });
    await eventually(() => expect(stream.events).toHaveLength(1));
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-request-id': 'trace-1',
      'ratelimit-policy': expect.stringContaining('"account"'),
    });
    expect(stream.text).toMatch(/^retry: 2000\n\nid: 2\nevent: task\ndata: \{[^\n]*\}\n\n$/);
    expect(stream.events[0]!.task).toMatchObject({
      task_id: id,
      status: 'running',
      progress: 10,
      prompt: 'two\nlines',
    });
    stream.leave();
  });

  it('come as they happen, and end after the final one', async () => {
    const id = tasks.add(gateway.accountId);
    const stream = await following(id, { 'x-request-id': 'trace-2' });
    for (const progress of [10, 20, 30]) {
      await tasks.advance(id, { status: 'running', progress });
      await eventually(() => expect(stream.events.at(-1)!.task.progress).toBe(progress));
    }
    await tasks.advance(id, { status: 'succeeded', progress: 100 });
    await stream.ended;
    expect(stream.ids).toEqual([1, 2, 3, 4, 5]);
    expect(stream.events.at(-1)!.task.status).toBe('succeeded');
    expect(stream.response.complete).toBe(true);
    expect(watched()).toBe(0);
    expect(new Set(tasks.reads.map(({ requestId }) => requestId))).toEqual(new Set(['trace-2']));
  });

  it.each(finalStatuses)('are one and the end when it has %s', async (status) => {
    const stream = await follow(tasks.add(gateway.accountId, { status }));
    await stream.ended;
    expect(stream.events.map(({ task }) => task.status)).toEqual([status]);
  });

  it('that a client missed are told by any other gateway: exactly those, in order', async () => {
    const id = tasks.add(gateway.accountId);
    const stream = await following(id);
    await tasks.advance(id, { status: 'running' });
    await eventually(() => expect(stream.ids).toEqual([1, 2]));
    stream.leave();
    await stream.ended;
    for (let progress = 1; progress <= 20; progress++) tasks.change(id, { progress });
    const other = await gateway.replica();
    const again = await follow(id, { 'last-event-id': '2' }, other.url);
    await eventually(() => expect(again.events).toHaveLength(20));
    await tasks.advance(id, { status: 'succeeded', progress: 100 });
    await again.ended;
    expect(again.ids).toEqual(Array.from({ length: 21 }, (_, index) => index + 3));
    expect(again.events.map(({ task }) => task.progress)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => i + 1),
      100,
    ]);
    expect(stream.ids).toEqual([1, 2]);
  });

  it('are read in pages, however many there are', async () => {
    const id = tasks.add(gateway.accountId, { status: 'running' });
    for (let change = 0; change < 250; change++) tasks.change(id, { stage: `stage ${change}` });
    tasks.change(id, { status: 'failed' });
    const stream = await follow(id, { 'last-event-id': '0' });
    await stream.ended;
    expect(stream.ids).toEqual(Array.from({ length: 252 }, (_, index) => index + 1));
    expect(Math.max(...tasks.reads.map(({ limit }) => limit))).toBeLessThanOrEqual(20);
  });

  it.each([
    ['its last', '3'],
    ['one past it', '4'],
    ['one far past it', '999999999'],
  ])('of a task that has ended are none after %s: 204, so that nobody comes back', async (_, last) => {
    const id = tasks.add(gateway.accountId);
    tasks.change(id, { status: 'running' });
    tasks.change(id, { status: 'canceled' });
    const { text } = await ask(id, { 'last-event-id': last }).expect(204);
    expect(text).toBe('');
    await ask(id, { 'last-event-id': last }, 'head').expect(204);
    const stream = await follow(id, { 'last-event-id': '2' });
    await stream.ended;
    expect(stream.ids).toEqual([3]);
  });

  it.each(['', 'x', '-1', '1.5', '1e3', '0x10', '1, 2', '9999999999'])('are refused after %j', async (last) => {
    const { body } = await ask(tasks.add(gateway.accountId), { 'last-event-id': last }).expect(422);
    expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer: '/Last-Event-ID' }] });
    expect(tasks.reads).toEqual([]);
  });

  it.each(['get', 'head'] as const)('of somebody else are not found before any of them is sent: %s', async (method) => {
    const { headers, status } = await ask(tasks.add(randomUUID()), {}, method);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(watched()).toBe(0);
  });

  it('are a 503 when the service is away from the start', async () => {
    const id = tasks.add(gateway.accountId);
    tasks.away = true;
    const { body } = await ask(id).expect(503).expect('content-type', 'application/problem+json');
    expect(body).toMatchObject({ code: 'service_unavailable' });
    expect(watched()).toBe(0);
  });

  it('are described by HEAD without a stream', async () => {
    const { headers } = await ask(tasks.add(gateway.accountId), {}, 'head').expect(200);
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(headers).not.toHaveProperty('content-length');
    expect(tasks.reads.map(({ limit }) => limit)).toEqual([1]);
    expect(watched()).toBe(0);
  });

  it('are not lost while the service is away in the middle', async () => {
    const id = tasks.add(gateway.accountId);
    const stream = await following(id);
    tasks.away = true;
    const reads = tasks.reads.length;
    await tasks.advance(id, { status: 'running' });
    await eventually(() => expect(tasks.reads.length).toBeGreaterThan(reads + 1));
    tasks.change(id, { status: 'succeeded' });
    tasks.away = false;
    await stream.ended;
    expect(stream.ids).toEqual([1, 2, 3]);
  });

  it('end when the task is removed', async () => {
    const id = tasks.add(gateway.accountId);
    const stream = await following(id);
    tasks.remove(id);
    await gateway.task.announce(taskRemoved, { task_id: id, owner_id: gateway.accountId });
    await stream.ended;
    expect(watched()).toBe(0);
  });

  it('are forgotten when the client leaves', async () => {
    const id = tasks.add(gateway.accountId);
    const streams = await Promise.all([following(id), following(id), following(tasks.add(gateway.accountId))]);
    expect(watched()).toBe(3);
    for (const stream of streams) stream.leave();
    await eventually(() => expect(watched()).toBe(0));
  });

  it('are forgotten when the client leaves before there are any', async () => {
    const release = new EventEmitter();
    tasks.ready = once(release, 'now');
    const client = httpGet(`${gateway.url}/generate/${tasks.add(gateway.accountId)}/events`, {
      headers: { authorization: gateway.bearer },
      agent: false,
    });
    client.on('error', () => {});
    await eventually(() => expect(tasks.reads).toHaveLength(1));
    client.destroy();
    const server = gateway.app.getHttpServer();
    await eventually(async () => expect(await promisify(server.getConnections.bind(server))()).toBe(0));
    release.emit('now');
    await eventually(() => expect(watched()).toBe(0));
  });

  it('can be followed at most a hundred times by one account', async () => {
    const id = tasks.add(gateway.accountId);
    const streams = await Promise.all(Array.from({ length: 100 }, () => following(id)));
    const { body } = await ask(id).expect(429).expect('retry-after', '5');
    expect(body).toMatchObject({ code: 'too_many_requests' });
    const [other, theirs] = [randomUUID(), `Bearer ${aToken({ key: gateway.key })}`];
    await ask(tasks.add(other), { authorization: theirs }).expect(404);
    for (const stream of streams) stream.leave();
    await eventually(() => expect(watched()).toBe(0));
    (await following(id)).leave();
  });

  it('wait for a client that does not take them', async () => {
    const id = tasks.add(gateway.accountId, { status: 'running' });
    const stage = 'x'.repeat(50_000);
    for (let change = 0; change < 600; change++) tasks.change(id, { stage });
    tasks.change(id, { status: 'succeeded' });
    const stream = await follow(id, { 'last-event-id': '0' });
    stream.response.pause();
    let reads = -1;
    await eventually(
      () => {
        const before = reads;
        reads = tasks.reads.length;
        expect(reads).toBe(before);
      },
      10_000,
      300,
    );
    expect(reads).toBeLessThan(20); // of 31
    stream.response.resume();
    await stream.ended;
    expect(stream.events).toHaveLength(602);
  });
});
