import fc from 'fast-check';
import type { CelerySettings } from '../../../catalogue/catalogue-model.js';
import type { Job } from '#worker-contract';
import { attemptOf, isPoison, taskIdOf, taskMessage } from './celery-task.js';

const settings: CelerySettings = { type: 'celery', brokerUrl: 'amqp://x', queue: 'gpu', task: 'ml.generate' };
const now = new Date('2026-01-01T00:00:00Z');
const aJob = (about: Partial<Job> = {}): Job => ({
  v: 1,
  task_id: '0198c5f2-0000-7000-8000-000000000001',
  attempt: 2,
  lease_token: 'lease-token-of-this-attempt-only',
  operation: 'text_to_3d',
  params: { prompt: 'a low-poly fox' },
  inputs: [],
  outputs: [{ name: 'raw.glb', format: 'glb', url: 'http://store/signed', max_bytes: 10 }],
  deadline_at: '2026-01-01T01:00:00Z',
  budget_ms: 120_000,
  heartbeat_ms: 5000,
  ...about,
});

describe('the id of a task', () => {
  it('says which attempt it is', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 1000 }), (task_id, attempt) => {
        expect(attemptOf(taskIdOf({ task_id, attempt }))).toEqual({ task_id, attempt });
      }),
    );
  });

  it.each(['', 'x', aJob().task_id, `${aJob().task_id}.0`, `${aJob().task_id}.1.1`, `${aJob().task_id}.1x`])(
    'of somebody else says nothing: %s',
    (id) => expect(attemptOf(id)).toBeNull(),
  );
});

describe('a task message', () => {
  it('calls the task with the job alone', () => {
    const { id, headers, body, queue, replyTo } = taskMessage(settings, aJob(), 30_000, now);
    expect(JSON.parse(body)).toEqual([
      [],
      { job: aJob() },
      { callbacks: null, errbacks: null, chain: null, chord: null },
    ]);
    expect({ id, queue, replyTo }).toEqual({ id: `${aJob().task_id}.2`, queue: 'gpu', replyTo: 'lathe.results' });
    expect(headers).toMatchObject({ task: 'ml.generate', id, expires: '2026-01-01T00:00:30.000Z', eta: null });
  });

  it('shows nothing of the job to whoever logs its headers', () => {
    expect(JSON.stringify(taskMessage(settings, aJob(), 30_000, now).headers)).not.toMatch(/signed|lease-token|fox/);
  });

  it.each([
    [120_000, [120, 110]],
    [20_000, [20, 18]],
    [500, [2, 1]],
  ])('of %d ms has the hard limit first, and a soft one before it', (budget_ms, limits) => {
    expect(taskMessage(settings, aJob({ budget_ms }), 30_000, now).headers.timelimit).toEqual(limits);
  });
});

describe('poison', () => {
  const { headers, body } = taskMessage(settings, aJob(), 30_000, now);
  const contentType = 'application/json';

  it('is no task of ours, nor one without what comes after it', () => {
    expect(isPoison({ contentType, headers, body })).toBe(false);
    expect(isPoison({ contentType, headers, body: '[[1],{"a":1},null]' })).toBe(false);
  });

  it.each([
    '{"not":"a triple"}',
    '[]',
    '[[],{}]',
    '[[],{},{},{}]',
    '1',
    'null',
    '"text"',
    '[[],[],{}]',
    '[{},{},{}]',
    '{',
  ])('is a task whose body is %s', (bad) => expect(isPoison({ contentType, headers, body: bad })).toBe(true));

  it('is a task without an id', () => {
    expect(isPoison({ contentType, headers: { task: 'ml.generate' }, body })).toBe(true);
  });

  it.each([
    ['of protocol 1, which has no headers', { contentType, headers: {}, body: '{"task":"x"}' }],
    ['in another format', { contentType: 'application/x-python-serialize', headers, body: 'x' }],
  ])('is not a message %s: others may share the queue', (_, message) => {
    expect(isPoison(message)).toBe(false);
  });
});
