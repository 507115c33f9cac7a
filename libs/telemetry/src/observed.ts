import type { Histogram } from 'prom-client';
import { typeOf } from './tracing.js';

/**
 * Does work and takes its time down in a histogram that has the label `outcome`: `ok`, the code of a refusal, or the type of an error
 * unless `outcomeOf` says otherwise.
 */
export async function observed<L extends string, T>(
  histogram: Histogram<L | 'outcome'>,
  labels: Record<Exclude<L, 'outcome'>, string>,
  work: () => Promise<T>,
  outcomeOf: (result: T) => string = () => 'ok',
): Promise<T> {
  const begun = performance.now();
  let outcome = 'error';
  try {
    const result = await work();
    outcome = outcomeOf(result);
    return result;
  } catch (error) {
    outcome = typeOf(error);
    throw error;
  } finally {
    histogram.observe({ ...labels, outcome } as Record<L | 'outcome', string>, secondsSince(begun));
  }
}

/** Seconds since a reading of `performance.now()`. */
export const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;
