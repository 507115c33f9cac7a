import {
  type AttemptFiles,
  type ModelFormat,
  type PromisedOutput,
  type TaskDispatched,
  type WorkerFormat,
} from '#contracts';
import type { Job } from '#worker-contract';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import { engineParams, finishingParams } from '../catalogue/engine-params.js';
import { rawOutput } from '../finishing/finishing.js';
import type { Finishing } from './generation.js';
import { budgetOf } from './job-parts.js';

/** What a job reads and writes. */
interface JobFiles extends Pick<AttemptFiles, 'inputs'>, Pick<Job, 'outputs'> {}

const outputFormats: Record<ModelFormat, WorkerFormat> = {
  glb: 'glb',
  obj: 'obj.zip',
  fbx: 'fbx',
  stl: 'stl',
  ply: 'ply',
  usdz: 'usdz',
  '3mf': '3mf',
};

const mainPreview = 'preview.png';
/** From the front, the right, the back and the left, in 512 and 256 pixels. A worker need not have but the first. */
const previews = ['preview', 'preview-right', 'preview-back', 'preview-left'].flatMap((view) => [
  `${view}.png`,
  `${view}-256.png`,
]);

/**
 * What a worker is asked to write: what was asked for, and previews. A generation has its GLB always: it is what everything else is
 * made from, also later; a conversion has one already.
 */
export function promisedOutputs({
  output_formats,
  mesh,
}: Pick<TaskDispatched, 'output_formats' | 'mesh'>): PromisedOutput[] {
  const wanted = new Set<ModelFormat>(mesh ? output_formats : ['glb', ...output_formats]);
  const models = [...wanted].map((format) => ({
    name: `model.${outputFormats[format]}`,
    format: outputFormats[format],
    required: true,
  }));
  return [...models, ...previews.map((name) => ({ name, format: 'png' as const, required: name === mainPreview }))];
}

/** What the engine of a model is asked to write: everything, or the one GLB that is finished afterwards. */
export const outputsOf = (task: TaskDispatched, { finish }: CatalogueModel): PromisedOutput[] =>
  finish ? [rawOutput] : promisedOutputs(task);

/** What is to be made of that GLB. */
export const finishingOf = (task: TaskDispatched, model: CatalogueModel): Finishing => ({
  outputs: promisedOutputs(task),
  params: finishingParams(model, task.params),
  deadlineAt: task.deadline_at,
  leaseSeconds: task.lease_seconds,
  raw: null,
  rounds: 0,
  sentAt: null,
});

export function operationOf({ images, mesh }: Pick<TaskDispatched, 'images' | 'mesh'>): Job['operation'] {
  if (mesh) return 'convert';
  if (images.length === 0) return 'text_to_3d';
  return images.length === 1 ? 'image_to_3d' : 'multiview_to_3d';
}

/** The files that an attempt reads, in the order of the job's inputs. */
export const inputsOf = ({ images, mesh }: Pick<TaskDispatched, 'images' | 'mesh'>): { file_id: string }[] =>
  [...images, ...(mesh ? [mesh] : [])].map(({ file_id }) => ({ file_id }));

/** The job message of an attempt (ml-job.v1). Throws `task_expired` when its deadline has passed. */
export function jobOf(
  task: TaskDispatched,
  model: CatalogueModel,
  files: JobFiles,
  heartbeatMs: number,
  now: Date,
): Job {
  const texts = { prompt: task.prompt, negative_prompt: task.negative_prompt };
  return {
    v: 1,
    task_id: task.task_id,
    attempt: task.attempt,
    lease_token: task.lease_token,
    operation: operationOf(task),
    model: task.model,
    params: {
      ...engineParams(model, task.params),
      ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null)),
    },
    inputs: files.inputs.map(({ url, content_type, bytes, sha256 }, index) => {
      const image = task.images[index];
      const name = image ? `${image.view ?? 'front'}.${content_type.replace('image/', '')}` : 'model.glb';
      return { name, url, content_type, bytes, sha256 };
    }),
    outputs: files.outputs,
    deadline_at: task.deadline_at,
    budget_ms: budgetOf(task.deadline_at, now),
    heartbeat_ms: heartbeatMs,
  };
}
