import { metrics } from '#telemetry';
import { isFinal, type Task, type TaskAction } from './task.js';

/** What became of an attempt that an action takes from its worker. */
const outcomes: Partial<Record<TaskAction['type'], string>> = {
  succeed: 'succeeded',
  fail: 'failed',
  loseLease: 'lost',
  confirmCancel: 'canceled',
  expire: 'expired',
};

/** Counts a change of a task that has been committed. */
export function count(before: Task, { type }: TaskAction, after: Task, now: Date): void {
  const { model } = before;
  const outcome = outcomes[type];
  if (before.leaseUntil && !after.leaseUntil && outcome) metrics.attempts.inc({ model, outcome });
  if (type === 'loseLease') metrics.leaseExpiries.inc({ model });
  if (type === 'dispatch' && before.attempt === 0)
    metrics.taskWaited.observe({ model }, seconds(before.createdAt, now));
  if (isFinal(after.status) && !isFinal(before.status)) countEnd(after);
}

function countEnd({ model, status, begunAt, completedAt }: Task): void {
  metrics.tasksEnded.inc({ model, status });
  if (begunAt && completedAt) metrics.taskRan.observe({ model, status }, seconds(begunAt, completedAt));
}

const seconds = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / 1000;
