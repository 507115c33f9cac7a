import fc from 'fast-check';
import { taskStatuses } from '#contracts';
import { aRunningTask, aTask, now } from '../../test/a-task.js';
import { apply, isCurrent, isFinal, type Task, type TaskAction, transitions } from './task.js';

const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const error = (retryable: boolean) => ({ code: 'model_error', message: 'it broke', retryable, stage: 'generate' });
const dispatch: TaskAction = { type: 'dispatch', leaseToken: 't'.repeat(32), leaseMs: 30_000 };
const accept: TaskAction = { type: 'accept', leaseMs: 30_000 };
const advance = (percent: number): TaskAction => ({
  type: 'advance',
  percent,
  stage: 'inflate',
  leaseMs: 30_000,
});
const succeed: TaskAction = { type: 'succeed', artifacts: [], qualityReport: { triangles: 12 } };
const fail = (retryable: boolean) => ({ type: 'fail' as const, error: error(retryable), maxFailures: 3 });
const loseLease = { type: 'loseLease' as const, maxFailures: 3 };
const fallbacks = ['fast', 'large'].map((model) => ({ model, params: { seed: 1 }, paramsIgnored: [model] }));
const after = (task: Task, ...actions: TaskAction[]): Task =>
  actions.reduce((one, action) => apply(one, action, now), task);

const anAction: fc.Arbitrary<TaskAction> = fc.oneof(
  fc.constantFrom<TaskAction>(
    dispatch,
    accept,
    succeed,
    loseLease,
    { type: 'cancel' },
    { type: 'confirmCancel' },
    { type: 'expire' },
    { type: 'switch', model: 'fast' },
  ),
  fc.integer({ min: 0, max: 100 }).map(advance),
  fc.boolean().map(fail),
);

describe('a task', () => {
  it('runs from queued to succeeded', () => {
    const task = after(aTask(), dispatch, accept, advance(40), succeed);
    expect(task).toMatchObject({
      status: 'succeeded',
      progress: 100,
      attempt: 1,
      startedAt: now,
      completedAt: now,
      leaseUntil: null,
    });
  });

  it('stays queued while it is handed out and nobody has accepted it', () => {
    expect(after(aTask(), dispatch)).toMatchObject({
      status: 'queued',
      attempt: 1,
      leaseUntil: later(30),
      startedAt: null,
    });
  });

  it('ignores a progress report that arrives late', () => {
    const task = aRunningTask({ progress: 60, stage: 'texture' });
    expect(after(task, advance(20))).toMatchObject({ progress: 60, stage: 'texture', leaseUntil: later(30) });
    expect(after(task, advance(60))).toMatchObject({ progress: 60, stage: 'inflate' });
  });

  it('is canceled at once while it waits, and only asked to stop while it runs', () => {
    expect(after(aTask(), { type: 'cancel' })).toMatchObject({ status: 'canceled', completedAt: now });
    const canceling = after(aRunningTask(), { type: 'cancel' });
    expect(canceling).toMatchObject({ status: 'canceling', cancelRequestedAt: now, completedAt: null });
    expect(after(canceling, { type: 'confirmCancel' }).status).toBe('canceled');
  });

  it('is canceled at once while it waits for its next attempt', () => {
    expect(after(aRunningTask(), fail(true), { type: 'cancel' })).toMatchObject({
      status: 'canceled',
      completedAt: now,
    });
  });

  it('still succeeds when the result was on its way before the cancel', () => {
    expect(after(aRunningTask(), { type: 'cancel' }, succeed).status).toBe('succeeded');
  });

  it('waits again after a failure that may pass, with a pause that grows, until the budget is spent', () => {
    const once = after(aRunningTask(), fail(true));
    expect(once).toMatchObject({ status: 'running', failures: 1, leaseUntil: null, runAfter: later(1), error: null });
    const twice = after(once, dispatch, accept, fail(true));
    expect(twice).toMatchObject({ status: 'running', failures: 2, attempt: 2, runAfter: later(2) });
    expect(after(twice, dispatch, accept, fail(true))).toMatchObject({
      status: 'failed',
      failures: 3,
      error: error(true),
    });
  });

  it('spends nothing of its budget when its worker is restarted', () => {
    const restart: TaskAction = { type: 'fail', error: { ...error(true), code: 'shutdown' }, maxFailures: 1 };
    expect(after(aRunningTask(), restart)).toMatchObject({ status: 'running', failures: 0, leaseUntil: null });
  });

  it('fails at once with the reason when trying again cannot help', () => {
    expect(after(aRunningTask(), fail(false))).toMatchObject({
      status: 'failed',
      error: error(false),
      completedAt: now,
    });
  });

  it.each(['deadline_exceeded', 'task_expired'])('expires when its worker notices the deadline first: %s', (code) => {
    const outOfTime: TaskAction = { type: 'fail', error: { ...error(false), code }, maxFailures: 3 };
    const task = aRunningTask({ deadlineAt: later(1) });
    expect(after(task, outOfTime)).toMatchObject({ status: 'expired', error: null });
    expect(after(task, { type: 'cancel' }, outOfTime).status).toBe('canceled');
    expect(after({ ...task, deadlineAt: later(60) }, outOfTime).status).toBe('failed');
  });

  it('goes to another worker when its worker is lost, and fails as worker_lost when that keeps happening', () => {
    const lost = after(aRunningTask({ stage: 'inflate' }), loseLease);
    expect(lost).toMatchObject({ status: 'running', failures: 1, leaseUntil: null });
    const task = after(lost, dispatch, accept, loseLease, dispatch, accept, loseLease);
    expect(task).toMatchObject({ status: 'failed', error: { code: 'worker_lost', retryable: true } });
  });

  it('spends nothing of its budget when nobody took the job', () => {
    expect(after(aTask(), dispatch, loseLease)).toMatchObject({
      status: 'queued',
      failures: 0,
      leaseUntil: null,
      runAfter: now,
    });
  });

  it('goes on with another of its candidates, at once, where one has failed', () => {
    const task = aRunningTask({ fallbacks, progress: 60, stage: 'texture' });
    const failed = after(task, { ...fail(true), fallback: 'large' });
    expect(failed).toMatchObject({
      model: 'large',
      paramsIgnored: ['large'],
      failures: 1,
      progress: 60,
      stage: null,
      runAfter: now,
      begunAt: null,
      startedAt: now,
    });
    expect(failed.fallbacks.map(({ model }) => model)).toEqual(['reference', 'fast']);
    const shown = after(failed, dispatch, accept, advance(10));
    expect(shown).toMatchObject({ attempt: 2, progress: 60, begunAt: now });
  });

  it('with two candidates is tried by one, the other, and the one again, and fails when its budget is spent', () => {
    const tried: string[] = [];
    let task = aTask({ fallbacks: fallbacks.slice(0, 1) });
    while (!isFinal(task.status)) {
      tried.push(task.model);
      task = after(task, dispatch, accept, { ...loseLease, fallback: task.fallbacks[0]!.model });
    }
    expect(tried).toEqual(['reference', 'fast', 'reference']);
    expect(task).toMatchObject({ status: 'failed', error: { code: 'worker_lost' } });
  });

  it.each([
    ['bad_input', 1],
    ['content_rejected', 1],
    ['unsupported', 3],
  ])('that is refused as %s is asked of %s of its three candidates', (code, asked) => {
    let task = aTask({ fallbacks });
    const tried: string[] = [];
    while (!isFinal(task.status)) {
      tried.push(task.model);
      const refusal = { type: 'fail' as const, error: { ...error(false), code }, maxFailures: 10 };
      task = after(task, dispatch, accept, { ...refusal, fallback: task.fallbacks[0]!.model });
    }
    expect(tried).toEqual(['reference', 'fast', 'large'].slice(0, asked));
    expect(task.error).toMatchObject({ code });
  });

  it('is taken over while it waits, and stays queued', () => {
    const moved = after(aTask({ fallbacks }), { type: 'switch', model: 'fast' });
    expect(moved).toMatchObject({ status: 'queued', model: 'fast', attempt: 0, failures: 0 });
    expect(after(aTask({ fallbacks }), dispatch, { ...loseLease, fallback: 'fast' })).toMatchObject({
      status: 'queued',
      model: 'fast',
      failures: 0,
    });
  });

  it('listens to the current attempt only', () => {
    const task = aRunningTask({ attempt: 2 });
    expect([isCurrent(task, 1), isCurrent(task, 2), isCurrent({ ...task, leaseUntil: null }, 2)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it.each(taskStatuses.filter(isFinal))('never leaves %s', (status) => {
    const task = aTask({ status });
    expect(() => apply(task, { type: 'cancel' }, now)).toThrow(
      expect.objectContaining({ code: 'task_already_finished' }),
    );
  });

  it.each(taskStatuses)('that is %s refuses whatever its row does not list', (status) => {
    const refused = fc.sample(anAction, 200).filter(({ type }) => transitions[status][type] === undefined);
    for (const action of refused) expect(() => apply(aTask({ status }), action, now)).toThrow(/task/i);
    expect(refused.length).toBeGreaterThan(0);
  });

  it('has no status that cannot be reached', () => {
    const reached = new Set(Object.values(transitions).flatMap((row) => Object.values(row)));
    expect([...reached].toSorted()).toEqual([...taskStatuses].toSorted());
  });
});
