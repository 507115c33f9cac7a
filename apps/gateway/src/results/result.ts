import { type ArtifactView, Problem, type ProblemCode, type TaskStatus, type TaskView } from '#contracts';

const refusals: Record<Exclude<TaskStatus, 'succeeded'>, ProblemCode> = {
  queued: 'task_not_finished',
  running: 'task_not_finished',
  canceling: 'task_not_finished',
  failed: 'task_failed',
  canceled: 'task_canceled',
  expired: 'task_expired',
};

/** The model of a finished task in a format, by default the first that was asked for; a refusal that says why there is none. */
export function resultOf(task: TaskView, format: unknown = task.output_formats[0]): ArtifactView {
  if (task.status !== 'succeeded') {
    const members = { task_status: task.status, ...(task.error ? { task_error: task.error } : {}) };
    throw new Problem(refusals[task.status], task.error?.message, { members });
  }
  const models = task.artifacts.filter(({ kind }) => kind === 'model');
  const model = models.find((artifact) => artifact.format === format);
  if (model) return model;
  const formats = models.map((artifact) => artifact.format);
  throw new Problem('format_not_available', `The task has ${formats.join(', ')}`, { members: { formats } });
}
