import type { Job, JobInput } from '#worker-contract';
import { EngineFailure } from '../generations/attempt-failure.js';

export interface Picture {
  /** From the name of the input: front, left, back or right. */
  view: string;
  input: JobInput;
}

/** The pictures of a job, in its order. */
export const picturesOf = ({ inputs }: Pick<Job, 'inputs'>): Picture[] =>
  inputs
    .filter(({ content_type }) => content_type.startsWith('image/'))
    .map((input) => ({ view: input.name.replace(/\..*/, ''), input }));

/** Of an engine that takes exactly one. Throws `unsupported` for any other number. */
export function onlyPictureOf(job: Pick<Job, 'inputs'>): JobInput {
  const [first, second] = picturesOf(job);
  if (!first || second) throw new EngineFailure('unsupported', 'the engine takes one picture');
  return first.input;
}

/**
 * The parameters of a job for an engine that ignores what it does not know, instead of refusing it: throws `unsupported` for one that
 * is not among those it honours.
 */
export function honouredParams({ params }: Pick<Job, 'params'>, honoured: readonly string[]): Record<string, unknown> {
  const dropped = Object.keys(params).find((name) => !honoured.includes(name));
  if (dropped !== undefined) throw new EngineFailure('unsupported', `the engine would ignore ${dropped}`);
  return { ...params };
}

/** The failure that a model reports of itself. Its words are for the log; that memory ran out is known by them alone. */
export const modelFailure = (words: string): EngineFailure =>
  new EngineFailure(
    /out of memory|OutOfMemory|CUDA_ERROR_OUT_OF|\bOOM\b/i.test(words) ? 'out_of_memory' : 'model_error',
    words,
  );
