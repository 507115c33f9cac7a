/** How a model has been doing lately, shared by all replicas. */
export interface Breaker {
  /** Attempts that its engine failed in a row. */
  failures: number;
  /** No task is handed to it before; null while it is trusted. Afterwards one at a time is, until one succeeds. */
  restsUntil: Date | null;
}

const firstRestMs = 30_000;
const longestRestMs = 300_000;

/** Failures that say something about the engine. The rest is the request's fault, the inputs', or that of a worker that is restarted. */
const ofTheEngine: ReadonlySet<string> = new Set([
  'worker_lost',
  'worker_stalled',
  'worker_timeout',
  'engine_unavailable',
  'model_error',
  'out_of_memory',
  'output_rejected',
  'internal',
]);

export const isOfTheEngine = (code: string): boolean => ofTheEngine.has(code);

export const isResting = ({ restsUntil }: Pick<Breaker, 'restsUntil'>, now: Date): boolean =>
  restsUntil !== null && restsUntil > now;

/** How many tasks a model may have at once, of as many slots: one, after a rest, until that succeeds. */
export const slotsAllowed = ({ slots, restsUntil }: Pick<Breaker, 'restsUntil'> & { slots: number }): number =>
  restsUntil === null ? slots : Math.min(1, slots);

/**
 * After one more failure of the engine. The `most`-th in a row sends it to rest, every further one for twice as long; what was handed to
 * it before the rest began makes the rest no longer.
 */
export function afterFailure<T extends Breaker>(breaker: T, most: number, now: Date): T {
  if (isResting(breaker, now)) return breaker;
  const failures = breaker.failures + 1;
  if (failures < most) return { ...breaker, failures };
  const restMs = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(10, failures - most));
  return { ...breaker, failures, restsUntil: new Date(now.getTime() + restMs) };
}
