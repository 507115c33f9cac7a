import {
  ContractViolation,
  exactControl,
  exactJob,
  exactWorkerEvent,
  parseControl,
  parseJob,
  parseWorkerEvent,
} from './index.js';

const attempt = { task_id: '0192f0c1-2a3b-7c4d-8e5f-0123456789ab', attempt: 1, lease_token: 'x'.repeat(32) };
const aJob = {
  v: 1,
  ...attempt,
  operation: 'text_to_3d',
  params: { prompt: 'a red ceramic mug' },
  inputs: [],
  outputs: [{ name: 'model.glb', format: 'glb', url: 'http://s3/x', max_bytes: 1 }],
  deadline_at: '2026-11-23T00:00:00Z',
  budget_ms: 1000,
  heartbeat_ms: 5000,
};
const anEvent = {
  v: 1,
  type: 'accepted',
  event_id: attempt.task_id,
  ...attempt,
  worker_id: 'w-1',
  seq: 0,
  at: aJob.deadline_at,
};
const aCancel = { v: 1, type: 'cancel', at: anEvent.at, task_id: attempt.task_id, attempt: 1, reason: 'user' };

describe('the worker contract', () => {
  it('reads a job', () => expect(parseJob(JSON.stringify(aJob))).toMatchObject(attempt));

  it('reads an event and a control message', () => {
    expect(parseWorkerEvent(JSON.stringify(anEvent)).type).toBe('accepted');
    expect(parseControl(Buffer.from(JSON.stringify(aCancel))).reason).toBe('user');
  });

  it('reads a cancel for one worker, and no version that is not published', () => {
    const cancel = { ...aCancel, v: 2, worker_id: 'w-1' };
    expect(parseControl(JSON.stringify(cancel))).toEqual(cancel);
    expect(() => parseControl(JSON.stringify({ ...aCancel, v: 2 }))).toThrow('worker_id');
    expect(() => parseControl(JSON.stringify({ ...aCancel, v: 3 }))).toThrow('/v is 3, and only 1, 2 is known');
    expect(() => parseJob(JSON.stringify({ ...aJob, v: 2 }))).toThrow(ContractViolation);
    expect(() => parseWorkerEvent('null')).toThrow(ContractViolation);
  });

  const output = { ...aJob.outputs[0], surprise: 1 };
  const artifact = { name: 'model.glb', format: 'glb', bytes: 1, sha256: 'a'.repeat(64) };
  const success = { ...anEvent, type: 'succeeded', artifacts: [artifact] };
  it.each<[string, object, (body: string) => object, (body: string) => object]>([
    ['a job', { ...aJob, surprise: 1 }, parseJob, exactJob],
    ['an output of a job', { ...aJob, outputs: [output] }, parseJob, exactJob],
    ['an event', { ...success, surprise: 1 }, parseWorkerEvent, exactWorkerEvent],
    ['an artifact of an event', { ...success, artifacts: [{ ...artifact, a: 1 }] }, parseWorkerEvent, exactWorkerEvent],
    ['a control message', { ...aCancel, surprise: 1 }, parseControl, exactControl],
  ])('lets a newer release say more in %s, and itself says no more than is published', (_, message, read, write) => {
    const body = JSON.stringify(message);
    expect(read(body)).toEqual(message);
    expect(() => write(body)).toThrow(/must NOT have (additional|unevaluated) properties/);
  });

  it.each([
    ['a missing output', { ...aJob, outputs: [] }],
    ['a short lease token', { ...aJob, lease_token: 'x' }],
  ])('refuses a job with %s', (_, job) => expect(() => parseJob(JSON.stringify(job))).toThrow(ContractViolation));

  it.each([
    ['a success without artifacts', { ...anEvent, type: 'succeeded' }],
    ['progress without a percentage', { ...anEvent, type: 'progress' }],
    ['an unknown error code', { ...anEvent, type: 'failed', error: { code: 'oops', message: '', retryable: false } }],
  ])('refuses an event that is %s', (_, event) =>
    expect(() => parseWorkerEvent(JSON.stringify(event))).toThrow(ContractViolation),
  );

  it('refuses what is not JSON', () => expect(() => parseControl('{')).toThrow('not JSON'));
});
