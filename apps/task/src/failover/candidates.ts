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
  const left = { model: task.model, params: task.params, paramsIgnored: task.paramsIgnored };
  return { ...task, ...taking, fallbacks: [...fallbacks.slice(index + 1), left, ...fallbacks.slice(0, index)] };
}

/** The first of those that may take over that is there now. */
export const nextOf = ({ fallbacks }: WithCandidates, isThere: (model: string) => boolean): string | undefined =>
  fallbacks.find(({ model }) => isThere(model))?.model;
