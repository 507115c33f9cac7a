import { Problem, type ProblemCode } from './problem.js';
import type { TaskStatus, TaskView } from './task.js';

const refusals: Record<Exclude<TaskStatus, 'succeeded'>, ProblemCode> = {
  queued: 'task_not_finished',
  running: 'task_not_finished',
  canceling: 'task_not_finished',
  failed: 'task_failed',
  canceled: 'task_canceled',
  expired: 'task_expired',
};

/** Refuses to look for a result where there is none, and says why. */
export function expectResult({ status, error }: Pick<TaskView, 'status' | 'error'>): void {
  if (status === 'succeeded') return;
  const members = { task_status: status, ...(error ? { task_error: error } : {}) };
  throw new Problem(refusals[status], error?.message, { members });
}
