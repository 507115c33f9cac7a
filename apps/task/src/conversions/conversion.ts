import { type AdoptedArtifact, type ConvertTask, type CreateTask, expectResult, Problem } from '#contracts';
import type { Task } from '../tasks/task.js';

/** The model that makes other formats of a mesh. */
export const converter = 'convert';

/** The GLB of a finished task; a refusal that says why there is none, as GET …/result has it. */
export function glbOf(task: Task): AdoptedArtifact {
  expectResult(task);
  const models = task.artifacts.filter(({ kind }) => kind === 'model');
  const glb = models.find(({ format }) => format === 'glb');
  if (glb) return glb;
  const formats = models.map(({ format }) => format);
  throw new Problem('format_not_available', `A GLB is needed; the task has ${formats.join(', ')}`, {
    members: { formats },
  });
}

/** A conversion as the request for a task that it is. */
export function requestOf(conversion: ConvertTask, glb: AdoptedArtifact): CreateTask {
  const {
    source_task_id: _,
    target_polycount,
    texture_resolution,
    size_mm,
    up_axis,
    compression,
    ...rest
  } = conversion;
  const params = { target_polycount, texture_resolution, size_mm, up_axis, compression };
  return { ...rest, model: converter, mesh: { file_id: glb.file_id }, params };
}
