import { aRunningTask, aTask, now } from '../../test/a-task.js';
import { onModel } from '../failover/candidates.js';
import { hasChanged, inState, stateOf, type TaskState } from './task-state.js';

const later = new Date(now.getTime() + 5000);

describe('the state of a task that an event keeps', () => {
  it('has changed when its owner has something new to see', () => {
    const task = aRunningTask({ progress: 30, stage: 'inflate' });
    expect(hasChanged(task, { ...task, progress: 31 })).toBe(true);
    expect(hasChanged(task, { ...task, stage: 'texture' })).toBe(true);
    expect(hasChanged(task, { ...task, status: 'canceling' })).toBe(true);
    expect(hasChanged(task, { ...task, attempt: 2 })).toBe(true);
  });

  it('has not when only its worker, its lease or its place in the queue are others', () => {
    const task = aRunningTask();
    const renewed = { leaseUntil: later, leaseToken: 'y'.repeat(32), accepted: false, failures: 1, runAfter: later };
    expect(hasChanged(task, { ...task, ...renewed, turn: 7, removedAt: later })).toBe(false);
  });

  it('follows a task from model to model', () => {
    const candidate = { model: 'fast', params: { seed: 1 }, paramsIgnored: ['texture'] };
    const before = aTask({ params: { seed: 1, texture: true }, fallbacks: [candidate] });
    const after = onModel(before, 'fast');
    expect(hasChanged(before, after)).toBe(true);
    expect(inState(after, before.seq, stateOf(before))).toEqual(before);
    const { model: _, ...older } = stateOf(before);
    expect(inState(after, 1, older as TaskState)).toMatchObject({ model: 'fast', paramsIgnored: ['texture'] });
  });

  it('gives the task back as it was, also out of JSON', () => {
    const error = { code: 'internal', message: 'the disk was full', retryable: false, stage: 'upload' };
    const failed = aTask({
      status: 'failed',
      startedAt: now,
      cancelRequestedAt: now,
      completedAt: later,
      error,
      seq: 9,
    });
    const stored = JSON.parse(JSON.stringify(stateOf(failed))) as ReturnType<typeof stateOf>;
    expect(inState({ ...aTask(failed), ...stateOf(aTask()) }, 9, stored)).toEqual(failed);
  });
});
