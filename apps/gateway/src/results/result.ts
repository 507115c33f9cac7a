import { type ArtifactView, expectResult, Problem, type TaskView } from '#contracts';

/** The model of a finished task in a format, by default the first that was asked for; a refusal that says why there is none. */
export function resultOf(task: TaskView, format: unknown = task.output_formats[0]): ArtifactView {
  expectResult(task);
  const models = task.artifacts.filter(({ kind }) => kind === 'model');
  const model = models.find((artifact) => artifact.format === format);
  if (model) return model;
  const formats = models.map((artifact) => artifact.format);
  throw new Problem('format_not_available', `The task has ${formats.join(', ')}`, { members: { formats } });
}
