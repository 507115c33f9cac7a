import { withTask } from '#telemetry';

/** Handles a body; when it names a task, whatever is logged meanwhile has the task's id. */
export function aboutItsTask<T>(body: unknown, work: () => T): T {
  const { task_id: id } = (body ?? {}) as { task_id?: unknown };
  return typeof id === 'string' ? withTask(id, work) : work();
}
