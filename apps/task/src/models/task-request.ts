import {
  type CreateTask,
  type ModelFormat,
  type ModelOffer,
  Problem,
  type ProblemCode,
  type TaskImage,
} from '#contracts';
import type { Task } from '../tasks/task.js';
import { resolveParams } from './model.js';

const defaultDeadlineSeconds = 1800;

/** A new task from a request that has been checked against its model; `seed` is for one that names none. */
export function newTask(request: CreateTask, offer: ModelOffer, now: Date, seed: number): Task {
  const { params, ignored } = resolveParams(offer, request.params ?? {}, seed);
  const deadlineMs = (request.deadline_seconds ?? defaultDeadlineSeconds) * 1000;
  return {
    id: request.task_id,
    ownerId: request.owner_id,
    requestId: null,
    traceparent: null,
    model: offer.id,
    prompt: request.prompt ?? null,
    negativePrompt: request.negative_prompt ?? null,
    images: withViews(request.images ?? []),
    mesh: request.mesh ? { file_id: request.mesh.file_id } : null,
    sourceTaskId: null,
    params,
    paramsIgnored: ignored,
    fallbacks: [],
    outputFormats: checkedFormats(offer, request.output_formats ?? ['glb']),
    metadata: request.metadata ?? {},
    priority: request.priority ?? 'normal',
    turn: 0,
    webhookUrl: request.webhook_url ?? null,
    status: 'queued',
    stage: null,
    progress: 0,
    attempt: 0,
    accepted: false,
    failures: 0,
    leaseToken: null,
    leaseUntil: null,
    runAfter: now,
    deadlineAt: new Date(now.getTime() + deadlineMs),
    cancelRequestedAt: null,
    error: null,
    artifacts: [],
    qualityReport: null,
    createdAt: now,
    startedAt: null,
    begunAt: null,
    completedAt: null,
    removedAt: null,
    seq: 0,
  };
}

/** A prompt, pictures or a mesh, or several of them, as the model's catalogue entry allows. */
export function checkInputs(request: CreateTask, offer: ModelOffer): void {
  for (const name of ['prompt', 'negative_prompt'] as const) {
    if (request[name] !== undefined && !offer.inputs.includes('prompt')) {
      throw wrongInput(`/${name}`, `the model ${offer.id} takes no prompt`);
    }
  }
  const images = request.images?.length ?? 0;
  if (images > offer.max_images) {
    throw wrongInput('/images', `the model ${offer.id} takes at most ${offer.max_images} pictures`);
  }
  if (request.mesh && !offer.inputs.includes('mesh')) {
    throw wrongInput('/mesh', `the model ${offer.id} takes no mesh`);
  }
  if (request.prompt !== undefined || images > 0 || request.mesh) return;
  const takesOnlyMeshes = offer.inputs.every((input) => input === 'mesh');
  throw takesOnlyMeshes
    ? wrongInput('/mesh', `the model ${offer.id} needs a mesh`)
    : new Problem('prompt_or_image_required');
}

/** A refusal of what stands at one place of the request. */
export const wrongInput = (pointer: string, message: string, code: ProblemCode = 'invalid_parameters'): Problem =>
  new Problem(code, undefined, { errors: [{ pointer, message }] });

function checkedFormats(offer: ModelOffer, formats: ModelFormat[]): ModelFormat[] {
  const unknown = formats.filter((format) => !offer.output_formats.includes(format));
  if (unknown.length > 0) throw wrongInput('/output_formats', `the model ${offer.id} has no ${unknown.join(', ')}`);
  return [...new Set(formats)];
}

/** Pictures without a view take the sides nobody named, the front first. No side is shown twice. */
function withViews(images: TaskImage[]): TaskImage[] {
  const free = (['front', 'back', 'left', 'right'] as const).filter(
    (view) => !images.some((image) => image.view === view),
  );
  const named = images.flatMap(({ view }) => view ?? []);
  if (new Set(named).size < named.length) throw wrongInput('/images', 'each view may be given once');
  return images.map(({ file_id, view }) => ({ file_id, view: view ?? free.shift()! }));
}
