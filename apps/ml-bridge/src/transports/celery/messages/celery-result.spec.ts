import fc from 'fast-check';
import { exactWorkerEvent } from '#worker-contract';
import { aGeneration, now } from '../../../../test/a-generation.js';
import type { Generation } from '../../../generations/generation.js';
import { hear, judge } from '../../../generations/generation.js';
import { eventOf, goesOn, heartbeatOf, parseResult, workerIdOf } from './celery-result.js';

const later = new Date(now.getTime() + 1500);
const aResult = (status: string, result: unknown = null) => ({ taskId: 'x.1', status, result, traceback: null });
const told = (status: string, result?: unknown, generation: Generation = aGeneration()) =>
  eventOf(aResult(status, result), generation, later);

const artifact = { name: 'raw.glb', format: 'glb', bytes: 10, sha256: 'a'.repeat(64) };

describe('a message of the result backend', () => {
  it('is read with what a newer Celery adds', () => {
    const body = JSON.stringify({ task_id: 'x.1', status: 'STARTED', result: { pid: 1 }, worker: 'new', children: [] });
    expect(parseResult(body)).toEqual({ taskId: 'x.1', status: 'STARTED', result: { pid: 1 }, traceback: undefined });
  });

  it.each(['', '{', 'null', '[]', '{"task_id":"x"}', '{"task_id":1,"status":"STARTED"}'])('is not %s', (body) => {
    expect(() => parseResult(body)).toThrow(expect.objectContaining({ name: 'ContractViolation' }) as Error);
  });
});

describe('what a state of a task says', () => {
  it('is an event of the worker contract, from one and the same worker', () => {
    const generation = aGeneration();
    const events = [
      told('STARTED', { pid: 1, hostname: 'gpu' }, generation),
      told('PROGRESS', { percent: 40, stage: 'shape' }, generation),
      told('SUCCESS', { artifacts: [artifact], metrics: { seconds: 3 } }, generation),
    ];
    expect(events.map((event) => event?.type)).toEqual(['accepted', 'progress', 'succeeded']);
    for (const event of events) {
      expect(exactWorkerEvent(JSON.stringify(event))).toMatchObject({ worker_id: workerIdOf(generation), attempt: 1 });
    }
  });

  it('is nothing before it begins, and when Celery itself tries again', () => {
    for (const status of ['PENDING', 'RECEIVED', 'RETRY'])
      expect([told(status), goesOn({ status })]).toEqual([null, false]);
  });

  it.each([
    ['PROGRESS', { percent: 40.7, stage: 'shape' }, { percent: 40.7, stage: 'shape' }],
    ['PROGRESS', { percent: 140 }, { percent: 100 }],
    ['PROGRESS', { percent: -1, stage: 7 }, { percent: 0 }],
    ['PROGRESS', { percent: 'half', stage: 'shape' }, { percent: 0, stage: 'shape' }],
    ['PROGRESS', { current: 1, total: 4 }, { percent: 25 }],
    ['PROGRESS', { current: 1, total: 0 }, { percent: 0 }],
    ['PROGRESS', null, { percent: 0 }],
    ['BAKING', { percent: 60 }, { percent: 60, stage: 'baking' }],
  ])('%s with %j is how far it is', (status, meta, expected) => {
    const { type, percent, stage } = told(status, meta)!;
    expect({ type, percent, stage }).toEqual({ type: 'progress', stage: undefined, ...expected });
    expect(goesOn({ status })).toBe(true);
  });

  it.each([
    ['no artifacts', { artifacts: [] }],
    ['nothing', null],
    ['an artifact without its hash', { artifacts: [{ ...artifact, sha256: 'x' }] }],
    ['metrics that are no numbers', { artifacts: [artifact], metrics: { a: 'b' } }],
  ])('is a failure when the task succeeds with %s', (_, result) => {
    expect(told('SUCCESS', result)).toMatchObject({
      type: 'failed',
      error: { code: 'output_rejected', retryable: true },
    });
  });

  it.each([
    ['by us', 'terminated', 'user' as const, { type: 'canceled' }],
    ['by us before it began', 'revoked', 'stale' as const, { type: 'canceled' }],
    ['by somebody else', 'terminated', null, { type: 'failed', error: { code: 'shutdown', retryable: true } }],
  ])('REVOKED %s', (_, why, cancelReason, expected) => {
    const result = { exc_type: 'TaskRevokedError', exc_message: [why], exc_module: 'celery.exceptions' };
    expect(told('REVOKED', result, aGeneration({ cancelReason }))).toMatchObject(expected);
  });

  it('REVOKED because it was taken too late says nothing: the lease is over', () => {
    expect(told('REVOKED', { exc_type: 'TaskRevokedError', exc_message: ['expired'] })).toBeNull();
  });

  it('never fails, whatever the worker stores', () => {
    const status = fc.oneof(fc.constantFrom('STARTED', 'PROGRESS', 'SUCCESS', 'FAILURE', 'REVOKED'), fc.string());
    fc.assert(
      fc.property(status, fc.jsonValue(), (state, result) => {
        const event = told(state, result);
        expect(event === null || event.percent === undefined || (event.percent >= 0 && event.percent <= 100)).toBe(
          true,
        );
      }),
    );
  });
});

describe('the order of what is heard', () => {
  it('is that of its arrival, and nothing comes after an end', () => {
    const generation = aGeneration();
    const accepted = hear(generation, told('STARTED', {}, generation)!, later);
    const progress = told('PROGRESS', { percent: 10 }, accepted)!;
    expect(judge(accepted, progress, true)).toBe('heard');
    const failed = hear(hear(accepted, progress, later), told('FAILURE', {}, accepted)!, later);
    expect(judge(failed, told('PROGRESS', { percent: 20 }, failed)!, true)).toBe('repeated');
  });

  it('knows an end that is told twice', () => {
    const generation = aGeneration();
    const ids = ['FAILURE', 'FAILURE', 'SUCCESS'].map(
      (status) => told(status, status === 'SUCCESS' ? { artifacts: [artifact] } : {}, generation)!.event_id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('a worker that says nothing by itself', () => {
  it('accepts when it is first found at a task, and is heard without progress from then on', () => {
    const generation = aGeneration();
    const accepted = heartbeatOf(generation, later);
    expect(accepted.type).toBe('accepted');
    const going = hear(generation, accepted, later);
    const beat = heartbeatOf(going, later);
    expect([beat.type, judge(going, beat, true)]).toEqual(['progress', 'heard']);
    expect(hear({ ...going, percent: 40, stage: 'shape' }, beat, later)).toMatchObject({ percent: 40, stage: 'shape' });
  });
});
