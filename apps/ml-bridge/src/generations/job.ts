import { type AttemptFiles, type ModelFormat, type PromisedOutput, type TaskDispatched, Problem } from '#contracts';
import type { Job } from '#worker-contract';

const outputFormats: Record<ModelFormat, string> = { glb: 'glb', obj: 'obj.zip', fbx: 'fbx' };

/** What a worker is asked to write: the GLB always (everything else is made from it), what was asked for, and a preview. */
export function promisedOutputs(formats: readonly ModelFormat[]): PromisedOutput[] {
  const wanted = new Set<ModelFormat>(['glb', ...formats]);
  const models = [...wanted].map((format) => ({
    name: `model.${outputFormats[format]}`,
    format: outputFormats[format],
  }));
  return [...models, { name: 'preview.png', format: 'png' }];
}

export function operationOf(task: TaskDispatched): Job['operation'] {
  if (task.images.length === 0) return 'text_to_3d';
  return task.images.length === 1 ? 'image_to_3d' : 'multiview_to_3d';
}

/** The job message of an attempt (ml-job.v1). Throws `task_expired` when its deadline has passed. */
export function jobOf(task: TaskDispatched, files: AttemptFiles, heartbeatMs: number, now: Date): Job {
  const budgetMs = Date.parse(task.deadline_at) - now.getTime();
  if (budgetMs < 1) throw new Problem('task_expired');
  const texts = { prompt: task.prompt, negative_prompt: task.negative_prompt };
  return {
    v: 1,
    task_id: task.task_id,
    attempt: task.attempt,
    lease_token: task.lease_token,
    operation: operationOf(task),
    model: task.model,
    params: { ...task.params, ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null)) },
    inputs: task.images.map(({ view }, index) => {
      const { url, content_type, bytes, sha256 } = files.inputs[index]!;
      return { name: `${view ?? 'front'}.${content_type.replace('image/', '')}`, url, content_type, bytes, sha256 };
    }),
    outputs: files.outputs.map(({ name, format, url, max_bytes }) => ({
      name,
      format,
      url,
      max_bytes,
      required: true,
    })),
    deadline_at: task.deadline_at,
    budget_ms: budgetMs,
    heartbeat_ms: heartbeatMs,
  };
}
