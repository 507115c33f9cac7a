import type { Job } from '#worker-contract';
import { type AttemptErrorCode, EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, textOf } from '../../json.js';
import type { EngineAnswer } from '../answers.js';
import { honouredParams, picturesOf } from '../job-contents.js';
import type { MeshyOptions } from '../options/meshy-options.js';
import type { Progress } from '../paid/paid-task.js';

/** One of the tasks at Meshy that make a job. */
export interface MeshyStep {
  path: string;
  stage: string;
  /** Its body, with the pictures as data URIs, and the id of the task before it. */
  bodyOf: (pictures: readonly string[], previous: string | undefined) => object;
}

const shapeParams = ['should_remesh', 'target_polycount', 'topology', 'pose_mode', 'auto_size', 'origin_at'];
const textureParams = ['enable_pbr', 'texture_prompt', 'remove_lighting'];

/**
 * What a job takes: one task from pictures, from a prompt one for the shape and one for its texture. A prompt beside pictures guides their
 * texture. Throws `unsupported` for what Meshy would ignore.
 */
export function stepsOf(job: Job, options: MeshyOptions): MeshyStep[] {
  const { prompt, negative_prompt, ...given } = job.params;
  if (negative_prompt !== undefined) throw new EngineFailure('unsupported', 'Meshy takes no negative prompt');
  const fromPictures = picturesOf(job).length > 0;
  const guided = fromPictures && prompt !== undefined ? { texture_prompt: prompt, ...given } : given;
  const names = [...shapeParams, ...textureParams, 'should_texture', ...(fromPictures ? ['image_enhancement'] : [])];
  const params = checked(honouredParams({ params: guided }, names));
  if (fromPictures && prompt !== undefined && params.texture_prompt !== prompt) {
    throw new EngineFailure('unsupported', 'a prompt and a texture_prompt are one too many');
  }
  const common = { ai_model: options.ai_model, target_formats: ['glb'] };
  const moderated = { ...common, moderation: options.moderation };
  return fromPictures ? [pictureStep(job, { ...moderated, ...params })] : textSteps(prompt, params, common, moderated);
}

function pictureStep(job: Job, fields: object): MeshyStep {
  const isOne = picturesOf(job).length === 1;
  return {
    path: isOne ? '/openapi/v1/image-to-3d' : '/openapi/v1/multi-image-to-3d',
    stage: 'generate',
    bodyOf: (pictures) => ({ ...(isOne ? { image_url: pictures[0] } : { image_urls: pictures }), ...fields }),
  };
}

function textSteps(prompt: unknown, params: Params, common: object, moderated: object): MeshyStep[] {
  const path = '/openapi/v2/text-to-3d';
  const shape = only(params, shapeParams);
  const texture = { ...only(params, [...textureParams, 'auto_size', 'origin_at']) };
  const preview = { mode: 'preview', prompt, ...moderated, ...shape };
  const refine = { mode: 'refine', ...common, ...texture };
  const steps: MeshyStep[] = [{ path, stage: 'generate', bodyOf: () => preview }];
  if (params.should_texture === false) return steps;
  return [...steps, { path, stage: 'texture', bodyOf: (_, previous) => ({ ...refine, preview_task_id: previous }) }];
}

type Params = Readonly<Record<string, unknown>>;

const only = (params: Params, names: readonly string[]): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)));

/** How many faces and of what kind counts only where Meshy remeshes; how a texture should be only where there is one. */
function checked(params: Params): Params {
  const wantsRemesh = params.target_polycount !== undefined || params.topology !== undefined;
  if (wantsRemesh && params.should_remesh === false) {
    throw new EngineFailure('unsupported', 'without remeshing the mesh is as it is');
  }
  const vain = textureParams.find((name) => params[name] !== undefined && params[name] !== false);
  if (params.should_texture === false && vain)
    throw new EngineFailure('unsupported', `there is no texture for ${vain}`);
  return wantsRemesh ? { ...params, should_remesh: true } : params;
}

/** Where a task is; in the end the address of its GLB. Throws how it failed, without what was asked for, which is in the answer too. */
export function progressOf({ body }: Pick<EngineAnswer, 'body'>, stage: string): Progress<string> {
  const { status, progress, model_urls, task_error } = fieldsOf(body);
  if (status === 'PENDING') return { stage: 'waiting' };
  if (status === 'SUCCEEDED') return { result: glbOf(model_urls) };
  if (status === 'FAILED') throw failureOfTask(fieldsOf(task_error));
  if (status === 'CANCELED' || status === 'EXPIRED')
    throw new EngineFailure('engine_unavailable', `the task is ${status}`);
  return typeof progress === 'number' ? { stage, fraction: Math.min(Math.max(progress / 100, 0), 1) } : { stage };
}

function glbOf(urls: unknown): string {
  const glb = textOf(fieldsOf(urls).glb);
  if (glb === undefined) throw new EngineFailure('output_rejected', 'Meshy made no GLB');
  return glb;
}

const codes: Readonly<Record<string, AttemptErrorCode>> = {
  moderation_blocked: 'content_rejected',
  image_too_complex: 'bad_input',
  timeout: 'worker_timeout',
  invalid_input: 'bad_input',
  service_unavailable: 'engine_unavailable',
};

/** Its code says more than its type. */
function failureOfTask({ code, type, message }: Readonly<Record<string, unknown>>): EngineFailure {
  const detail = [type, code, message].map((text) => textOf(text) ?? '?').join(': ');
  return new EngineFailure(codes[String(code)] ?? codes[String(type)] ?? 'model_error', detail);
}

/** Why a task was refused; 402 and 403 are matters of the account. */
export const refusal = ({ status, excerpt }: Pick<EngineAnswer, 'status' | 'excerpt'>): EngineFailure =>
  new EngineFailure([400, 413, 422].includes(status) ? 'bad_input' : 'engine_unavailable', excerpt);
