import type { Job } from '#worker-contract';
import { type AttemptErrorCode, EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, textOf } from '../../json.js';
import type { EngineAnswer } from '../answers.js';
import { honouredParams, picturesOf } from '../job-contents.js';
import type { TripoOptions } from '../options/tripo-options.js';
import type { Progress } from '../paid/paid-task.js';

/** The task at Tripo that makes a job. */
export interface TripoTask {
  path: string;
  /** Its body, with the tokens of the uploaded pictures by their views. */
  bodyOf: (tokens: ReadonlyMap<string, string>) => object;
}

const always = [
  'model_seed',
  'texture_seed',
  'texture',
  'pbr',
  'texture_quality',
  'geometry_quality',
  'face_limit',
  'auto_size',
];
const ofPictures = [...always, 'texture_alignment', 'orientation'];

/** Throws `unsupported` for what Tripo would ignore or refuse. */
export function taskOf(job: Job, options: TripoOptions): TripoTask {
  const views = picturesOf(job).map(({ view }) => view);
  const { prompt, ...params } = job.params;
  if (views.length === 0) {
    const fields = fieldsFor(params, [...always, 'negative_prompt', 'image_seed'], options);
    return { path: '/generation/text-to-model', bodyOf: () => ({ prompt, ...fields }) };
  }
  if (prompt !== undefined) throw new EngineFailure('unsupported', 'Tripo takes no prompt beside pictures');
  if (views.length === 1) {
    const fields = fieldsFor(params, [...ofPictures, 'enable_image_autofix'], options);
    return { path: '/generation/image-to-model', bodyOf: (tokens) => ({ input: tokens.get(views[0]!), ...fields }) };
  }
  if (!views.includes('front')) throw new EngineFailure('unsupported', 'Tripo needs the view from the front');
  const fields = fieldsFor(params, ofPictures, options);
  const inputsOf = (tokens: ReadonlyMap<string, string>): object[] =>
    ['front', 'left', 'back', 'right'].filter((view) => tokens.has(view)).map((view) => ({ [view]: tokens.get(view) }));
  return { path: '/generation/multiview-to-model', bodyOf: (tokens) => ({ inputs: inputsOf(tokens), ...fields }) };
}

/** Materials of PBR are on by themselves, and bring a texture with them also where none is wanted. */
function fieldsFor(given: Job['params'], honoured: readonly string[], { model }: TripoOptions): object {
  const params = honouredParams({ params: given }, honoured);
  if (params.texture !== false) return { model, ...params };
  if (params.pbr === true) throw new EngineFailure('unsupported', 'there are no materials without a texture');
  return { model, ...params, pbr: false };
}

/** What Tripo's codes mean to us (docs.tripo3d.ai, the error codes); any other one is a matter of its own. */
const codes: Readonly<Record<number, AttemptErrorCode>> = {
  1004: 'bad_input',
  2001: 'engine_unavailable',
  2003: 'bad_input',
  2004: 'bad_input',
  2008: 'content_rejected',
  2010: 'engine_unavailable',
  2014: 'engine_unavailable',
  2018: 'worker_timeout',
};

/** Whether there is no room now: too many calls a minute, or tasks at once. */
export const isBusy = ({ status, body }: Pick<EngineAnswer, 'status' | 'body'>): boolean =>
  status === 429 || [1007, 2000].includes(Number(fieldsOf(body).code));

/** Whether it says anything: a refusal by its HTTP status, or a code. */
export const isAnswer = ({ status, body }: Pick<EngineAnswer, 'status' | 'body'>): boolean =>
  status >= 300 || typeof fieldsOf(body).code === 'number';

/** What an answer is about. Throws what its code says instead; it may be there whatever the HTTP status is. */
export function dataOf({ status, body, excerpt }: EngineAnswer): Readonly<Record<string, unknown>> {
  const { code, data } = fieldsOf(body);
  if (status < 300 && code === 0) return fieldsOf(data);
  const usual = [400, 413, 422].includes(status) ? 'bad_input' : 'engine_unavailable';
  throw new EngineFailure(codes[Number(code)] ?? usual, excerpt);
}

/**
 * Where a task is; in the end the address of its GLB. Throws how it failed, without what was asked for, which is in the answer too. A
 * status that is not known is one on the way.
 */
export function progressOf(answer: EngineAnswer): Progress<string> {
  const { status, progress, output, error_code, error_message } = dataOf(answer);
  if (status === 'success') return { result: addressOf(output) };
  if (status === 'queued') return { stage: 'waiting' };
  if (status === 'failed') {
    const detail = `the task failed: ${Number(error_code)} ${textOf(error_message) ?? ''}`;
    throw new EngineFailure(codes[Number(error_code)] ?? 'model_error', detail);
  }
  const ended = endings[String(status)];
  if (ended) throw new EngineFailure(ended, `the task is ${String(status)}`);
  const fraction = typeof progress === 'number' ? Math.min(Math.max(progress / 100, 0), 1) : undefined;
  return { stage: 'generate', ...(fraction === undefined ? {} : { fraction }) };
}

/** In the API before this one these were statuses of their own. */
const endings: Readonly<Record<string, AttemptErrorCode>> = {
  banned: 'content_rejected',
  expired: 'worker_timeout',
  cancelled: 'engine_unavailable',
};

function addressOf(output: unknown): string {
  const { pbr_model_url, model_url } = fieldsOf(output);
  const address = textOf(pbr_model_url) ?? textOf(model_url);
  if (address === undefined) throw new EngineFailure('output_rejected', 'Tripo made no model');
  return address;
}
