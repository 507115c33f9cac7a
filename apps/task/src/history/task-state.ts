import { onModel } from '../failover/candidates.js';
import type { Task } from '../tasks/task.js';

const parts = [
  'status',
  'model',
  'stage',
  'progress',
  'attempt',
  'error',
  'artifacts',
  'qualityReport',
  'startedAt',
  'completedAt',
  'cancelRequestedAt',
] as const satisfies readonly (keyof Task)[];

/**
 * What changes of a task, as its owner sees it. The rest is the same in all its events, or follows from the model. Those of older
 * releases name none.
 */
export type TaskState = Pick<Task, (typeof parts)[number]>;

export const stateOf = (task: Task): TaskState =>
  Object.fromEntries(parts.map((part) => [part, task[part]])) as unknown as TaskState;

/** Whether the owner of a task has something new to see. A worker that only says that it is alive changes nothing. */
export const hasChanged = (before: Task, after: Task): boolean =>
  JSON.stringify(stateOf(before)) !== JSON.stringify(stateOf(after));

/** The task as it was when its state was written: dates come out of JSON as text. */
export const inState = (task: Task, seq: number, state: TaskState): Task => ({
  ...onModel(task, state.model),
  ...state,
  startedAt: dateOf(state.startedAt),
  completedAt: dateOf(state.completedAt),
  cancelRequestedAt: dateOf(state.cancelRequestedAt),
  seq,
});

const dateOf = (value: Date | string | null): Date | null => (value === null ? null : new Date(value));
