import type { TaskParams } from '#contracts';

/** A model that can do what a task asks for, with the parameters that the task has there. */
export interface Candidate {
  model: string;
  params: TaskParams;
  paramsIgnored: string[];
}

/** A task's model, and those that may take over, the next one first. Together they are a ring: whoever is left comes last. */
export interface WithCandidates extends Candidate {
  fallbacks: Candidate[];
}

/** The task as another one of its candidates runs it; the same task when there is no such candidate. */
export function onModel<T extends WithCandidates>(task: T, model: string): T {
  const { fallbacks } = task;
  const index = fallbacks.findIndex((candidate) => candidate.model === model);
  const taking = fallbacks[index];
  if (!taking) return task;
  return {
    ...task,
    ...taking,
    fallbacks: [...fallbacks.slice(index + 1), candidateOf(task), ...fallbacks.slice(0, index)],
  };
}

/** What of a task is particular to its model. */
export const candidateOf = ({ model, params, paramsIgnored }: Candidate): Candidate => ({
  model,
  params,
  paramsIgnored,
});

/** The first of those that may take over that is among the ready ones. */
export const nextOf = ({ fallbacks }: WithCandidates, ready: readonly string[]): string | undefined =>
  fallbacks.find(({ model }) => ready.includes(model))?.model;
