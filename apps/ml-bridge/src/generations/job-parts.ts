import { type AttemptFiles, Problem, type PromisedOutput } from '#contracts';
import type { Job } from '#worker-contract';

/** Where a worker writes what was promised, and what it must not leave out. */
export function jobOutputs({ outputs }: Pick<AttemptFiles, 'outputs'>, promised: PromisedOutput[]): Job['outputs'] {
  const optional = new Set(promised.flatMap(({ name, required }) => (required === false ? [name] : [])));
  return outputs.map(({ name, format, url, max_bytes }) => ({
    name,
    format,
    url,
    max_bytes,
    required: !optional.has(name),
  }));
}

/** The milliseconds that are left for a job. Throws `task_expired` when its deadline has passed. */
export function budgetOf(deadlineAt: string, now: Date): number {
  const budgetMs = Date.parse(deadlineAt) - now.getTime();
  if (budgetMs < 1) throw new Problem('task_expired');
  return budgetMs;
}
