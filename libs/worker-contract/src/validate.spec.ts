import { ContractViolation, parseControl, parseJob, parseWorkerEvent } from './index.js';

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

describe('the worker contract', () => {
  it('reads a job', () => expect(parseJob(JSON.stringify(aJob))).toMatchObject(attempt));

  it('reads an event and a control message', () => {
    expect(parseWorkerEvent(JSON.stringify(anEvent)).type).toBe('accepted');
    const cancel = { v: 1, type: 'cancel', at: anEvent.at, task_id: attempt.task_id, attempt: 1, reason: 'user' };
    expect(parseControl(Buffer.from(JSON.stringify(cancel))).reason).toBe('user');
  });

  it.each([
    ['an unknown field', { ...aJob, surprise: 1 }],
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
