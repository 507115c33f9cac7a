import type { ImageView } from '#contracts';
import type { Job } from '#worker-contract';
import type { GenerationRequest } from '../reference/generate.js';
import { JobFailure } from './job-failure.js';

/** A job's parameters as the reference engine takes them; the bridge has filled in the defaults of the catalogue. */
export function requestOf({ params, inputs }: Job, contents: Uint8Array[]): GenerationRequest {
  const prompt = textOf(params.prompt);
  if (prompt === undefined && inputs.length === 0)
    throw new JobFailure('bad_input', 'The job has neither a prompt nor a picture', false);
  const modelParams = (params.model_params ?? {}) as GenerationRequest['params']['model_params'];
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(params.negative_prompt === undefined ? {} : { negativePrompt: textOf(params.negative_prompt) }),
    images: inputs.map(({ name }, index) => ({ bytes: contents[index]!, view: name.split('.')[0] as ImageView })),
    params: {
      seed: numberOf(params.seed, 0),
      target_polycount: numberOf(params.target_polycount, 30_000),
      texture: params.texture !== false,
      texture_resolution: numberOf(params.texture_resolution, 1024),
      geometry_resolution: numberOf(params.geometry_resolution, 256),
      remove_background: params.remove_background !== false,
      model_params: modelParams,
    },
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
