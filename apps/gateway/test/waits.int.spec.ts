import { randomUUID } from 'node:crypto';
import { get as httpGet } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { finalStatuses, taskRemoved, type TaskView } from '#contracts';
import { eventually } from '#testing';
import { WatchesService } from '../src/watching/watches.service.js';
import { aGateway, type TestGateway } from './a-gateway.js';
import { KnownTasks } from './known-tasks.js';

/** Less than the five seconds after which a wait looks by itself. */
const beforeOwnLookMs = 4500;

describe('a request that waits for news of a task', () => {
  let gateway: TestGateway;
  let tasks: KnownTasks;
  beforeAll(async () => {
    gateway = await aGateway({ RATE_LIMITS: 'off' });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    tasks = new KnownTasks(gateway.task);
  });

  const watched = () => gateway.app.get(WatchesService).size;
  const wait = async (id: string, query = '?wait=20', owner = gateway.bearer) => {
    const begun = performance.now();
    const { status, headers, body } = await gateway.http.get(`/generate/${id}${query}`).set('authorization', owner);
    // a refusal has other fields
    return { status, headers, task: body as TaskView, took: performance.now() - begun };
  };
  /** Resolves when it has had its first look, and waits. */
  const begin = async (id: string, query?: string) => {
    const before = tasks.looks;
    const answer = wait(id, query);
    await eventually(() => expect(tasks.looks).toBeGreaterThan(before));
    return { answer };
  };

  it.each<[string, Partial<TaskView>]>([
    ['status', { status: 'running' }],
    ['progress', { progress: 10 }],
  ])('is answered as soon as the %s changes', async (_, change) => {
    const id = tasks.add(gateway.accountId);
    const { answer } = await begin(id);
    await tasks.advance(id, change);
    const { status, task, took } = await answer;
    expect(status).toBe(200);
    expect(task).toMatchObject(change);
    expect(took).toBeLessThan(beforeOwnLookMs);
    expect(watched()).toBe(0);
  });

  it('goes on waiting when only something else has changed', async () => {
    const id = tasks.add(gateway.accountId, { status: 'running' });
    const { answer } = await begin(id);
    const looks = tasks.looks;
    await tasks.advance(id, { stage: 'texture' });
    await eventually(() => expect(tasks.looks).toBeGreaterThan(looks));
    await tasks.advance(id, { progress: 50 });
    expect((await answer).task).toMatchObject({ stage: 'texture', progress: 50 });
  });

  it.each(finalStatuses)('is answered at once when the task has %s', async (status) => {
    const { task, took } = await wait(tasks.add(gateway.accountId, { status }));
    expect(task).toMatchObject({ status });
    expect(took).toBeLessThan(beforeOwnLookMs);
  });

  it('is answered after its time with the task as it is then', async () => {
    const id = tasks.add(gateway.accountId, { queue_position: 5 });
    const { answer } = await begin(id, '?wait=2');
    tasks.change(id, { queue_position: 4 });
    const { task, took } = await answer;
    expect(task.queue_position).toBe(4);
    expect(took).toBeGreaterThan(1950);
    expect(took).toBeLessThan(beforeOwnLookMs);
  });

  it('looks by itself within some seconds when a fact was missed', async () => {
    const id = tasks.add(gateway.accountId);
    const { answer } = await begin(id);
    tasks.change(id, { status: 'running' });
    const { task, took } = await answer;
    expect(task.status).toBe('running');
    expect(took).toBeLessThan(19_000);
  });

  it('is answered 404 when the task is removed meanwhile', async () => {
    const id = tasks.add(gateway.accountId);
    const { answer } = await begin(id);
    tasks.remove(id);
    await gateway.task.announce(taskRemoved, { task_id: id, owner_id: gateway.accountId });
    const { status, took } = await answer;
    expect([status, took < beforeOwnLookMs]).toEqual([404, true]);
  });

  it('is no less a 404 for a task of somebody else, at once', async () => {
    const { status, took } = await wait(tasks.add(randomUUID()));
    expect([status, took < beforeOwnLookMs]).toEqual([404, true]);
    expect(watched()).toBe(0);
  });

  it('lives through a service that is away for a while', async () => {
    const id = tasks.add(gateway.accountId);
    const { answer } = await begin(id);
    tasks.away = true;
    const looks = tasks.looks;
    await tasks.advance(id, { status: 'running' });
    await eventually(() => expect(tasks.looks).toBeGreaterThan(looks));
    tasks.away = false;
    await tasks.advance(id, { progress: 5 });
    expect((await answer).task).toMatchObject({ status: 'running', progress: 5 });
  });

  it('says after its time that the service is away', async () => {
    const id = tasks.add(gateway.accountId);
    const { answer } = await begin(id, '?wait=2');
    tasks.away = true;
    expect(await answer).toMatchObject({ status: 503, task: { code: 'service_unavailable' } });
  });

  it('is forgotten when the client leaves', async () => {
    const id = tasks.add(gateway.accountId);
    const client = httpGet(`${gateway.url}/generate/${id}?wait=60`, {
      headers: { authorization: gateway.bearer },
      agent: false,
    });
    client.on('error', () => {});
    await eventually(() => expect([watched(), tasks.looks]).toEqual([1, 1]));
    client.destroy();
    await eventually(() => expect([watched(), tasks.looks]).toEqual([0, 2])); // a last look, whoever is left to see it
  });

  it.each(['0', '61', '-1', '1.5', '1e1', '', 'long', '1&wait=2'])('is refused with ?wait=%s', async (seconds) => {
    const { status, task } = await wait(tasks.add(gateway.accountId), `?wait=${seconds}`);
    expect(status).toBe(422);
    expect(task).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer: '/wait' }] });
    expect(tasks.looks).toBe(0);
  });

  it('hears every change, however soon it comes after the question', async () => {
    for (let round = 0; round < 20; round++) {
      const id = tasks.add(gateway.accountId);
      const answer = wait(id);
      await delay(Math.random() * 10);
      await tasks.advance(id, { status: 'succeeded' });
      const { task, took } = await answer;
      expect(task.status).toBe('succeeded');
      expect(took).toBeLessThan(beforeOwnLookMs);
    }
  });

  it('is one of at most a hundred of its account', async () => {
    const id = tasks.add(gateway.accountId);
    const clients = Array.from({ length: 100 }, () =>
      httpGet(`${gateway.url}/generate/${id}?wait=60`, { headers: { authorization: gateway.bearer }, agent: false }),
    );
    for (const client of clients) client.on('error', () => {});
    await eventually(() => expect(watched()).toBe(100), 20_000);
    const { status, task, headers } = await wait(id);
    expect(status).toBe(429);
    expect(task).toMatchObject({ code: 'too_many_requests' });
    expect(headers['retry-after']).toBe('5');
    await gateway.http.get(`/generate/${id}`).set('authorization', gateway.bearer).expect(200);
    clients[0]!.destroy();
    await eventually(() => expect(watched()).toBe(99));
    const { answer } = await begin(id);
    await tasks.advance(id, { status: 'running' });
    expect((await answer).status).toBe(200);
    await eventually(() => expect(watched()).toBe(0));
    for (const client of clients) client.destroy();
  }, 60_000);

  // the last one: the gateway is gone then
  it('is answered at once when the gateway leaves', async () => {
    const id = tasks.add(gateway.accountId);
    const { answer } = await begin(id, '?wait=60');
    tasks.change(id, { queue_position: 2 });
    const closed = gateway.app.close();
    expect(await answer).toMatchObject({ status: 200, task: { queue_position: 2 } });
    expect((await answer).took).toBeLessThan(beforeOwnLookMs);
    await closed;
  });
});
