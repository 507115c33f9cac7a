import { randomUUID } from 'node:crypto';
import { eventually } from '#testing';
import { GenerationsRepository } from '../src/generations/generations.repository.js';
import { WorkerPort } from '../src/transports/http/worker-port.service.js';
import { anEvent } from './a-generation.js';
import { acceptedOverHttp, aWorker, httpBridgeOfSuite } from './http-suite.js';

const problem = (status: number, code: string, about: object = {}): unknown =>
  expect.objectContaining({
    status,
    type: 'application/problem+json',
    body: expect.objectContaining({ status, code, type: `/problems/${code}`, ...about }) as unknown,
  });

describe('a worker over HTTP is refused', () => {
  const bridge = httpBridgeOfSuite();

  it('without the right token, for whatever it wants', async () => {
    const worker = aWorker(bridge, 'none');
    expect(await worker.ask('/worker/lease', worker.poll(0))).toEqual(problem(401, 'invalid_token'));
    expect(await worker.report(anEvent())).toEqual(problem(401, 'invalid_token'));
  });

  it('when it speaks of a task of another pool than its token', async () => {
    const { eventOf } = await acceptedOverHttp(bridge);
    expect(await aWorker(bridge, 'other').report(eventOf({ type: 'progress', percent: 1 }))).toEqual(
      problem(403, 'wrong_pool'),
    );
  });

  it('when it does not hold the attempt', async () => {
    const { worker, eventOf } = await acceptedOverHttp(bridge);
    const stale = problem(409, 'stale');
    expect(await worker.report({ ...eventOf({ type: 'accepted' }), lease_token: 'x'.repeat(32) })).toEqual(stale);
    expect(await worker.report(anEvent({ task_id: randomUUID() }))).toEqual(stale);
    expect(await aWorker(bridge).report(eventOf({ type: 'progress', percent: 1 }))).toEqual(stale);
    expect(await worker.report(eventOf({ type: 'progress', percent: 1 }))).toMatchObject({ status: 200 });
  });

  it('when its attempt was ended without it', async () => {
    const { worker, job, eventOf } = await acceptedOverHttp(bridge);
    await bridge.schema.query(`UPDATE generations SET status = 'failed' WHERE task_id = $1`, [job.task_id]);
    expect(await worker.report(eventOf({ type: 'progress', percent: 1 }))).toEqual(problem(409, 'stale'));
  });

  it.each([
    ['/worker/events', '{', 400, 'malformed_request', []],
    ['/worker/events', { v: 1 }, 422, 'invalid_parameters', ['']],
    ['/worker/events', anEvent({ percent: 101 }), 422, 'invalid_parameters', ['/percent']],
    ['/worker/events', { ...anEvent(), v: 2 }, 422, 'invalid_parameters', ['/v']],
    ['/worker/lease', '{', 400, 'malformed_request', []],
    ['/worker/lease', [], 422, 'invalid_parameters', ['/worker_id']],
    ['/worker/lease', { worker_id: 'two words' }, 422, 'invalid_parameters', ['/worker_id']],
    ['/worker/lease', { worker_id: 'one', wait_seconds: 31 }, 422, 'invalid_parameters', ['/wait_seconds']],
    ['/worker/lease', { worker_id: 'x'.repeat(5000) }, 413, 'payload_too_large', []],
    ['/worker/events', { x: 'x'.repeat(1_048_576) }, 413, 'payload_too_large', []],
    ['/worker/nothing', {}, 404, 'not_found', []],
  ])('when it posts to %s what cannot be taken (%#)', async (path, body, status, code, pointers) => {
    const answer = await aWorker(bridge).ask(path, body);
    expect(answer).toEqual(problem(status, code));
    const { errors = [] } = answer.body as { errors?: { pointer: string; message: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('when its body is something else than JSON', async () => {
    const answer = await aWorker(bridge).ask('/worker/lease', 'worker_id=1', { 'content-type': 'text/plain' });
    expect(answer).toEqual(problem(415, 'unsupported_media_type'));
  });

  it('for a moment while the database is away', async () => {
    const { worker, eventOf } = await acceptedOverHttp(bridge);
    const find = jest.spyOn(bridge.part(GenerationsRepository), 'find');
    find.mockRejectedValueOnce(Object.assign(new Error('terminating connection'), { code: '57P01' }));
    const event = eventOf({ type: 'progress', percent: 1 });
    const answer = await worker.report(event);
    expect(answer).toEqual(problem(503, 'service_unavailable'));
    expect(answer.retryAfter).toBe('2');
    expect(await worker.report(event)).toMatchObject({ status: 200 });
  });

  it('without a word about what went wrong on our side', async () => {
    const { worker, eventOf } = await acceptedOverHttp(bridge);
    jest.spyOn(bridge.part(GenerationsRepository), 'find').mockRejectedValueOnce(new Error('a secret'));
    const answer = await worker.report(eventOf({ type: 'progress', percent: 1 }));
    expect(answer).toEqual(problem(500, 'internal_error'));
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('when too many wait with one token', async () => {
    const leaving = new AbortController();
    const polls = Array.from({ length: 200 }, () => aWorker(bridge, 'other').lease(30, leaving.signal));
    const ends = Promise.allSettled(polls);
    await eventually(async () => {
      const one = aWorker(bridge, 'other');
      expect(await one.ask('/worker/lease', one.poll(0))).toEqual(problem(429, 'too_many_requests'));
    });
    leaving.abort();
    expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('at nothing when it only asks whether somebody is there', async () => {
    const response = await fetch(`${bridge.part(WorkerPort).url}/worker/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('by having no port to come to, where there are no tokens', async () => {
    const replica = await bridge.replica({ WORKER_TOKENS: '' });
    expect(replica.get(WorkerPort).url).toBeNull();
  });
});
