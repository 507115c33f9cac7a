import { setTimeout as delay } from 'node:timers/promises';
import { EngineFailure } from '../generations/attempt-failure.js';
import { EngineUnreachable } from './engine-unreachable.js';

/** How often and how long a server is asked about a job, in milliseconds. */
export interface Patience {
  everyMs: number;
  /** So long it may be out of reach, or busy with itself. */
  silenceMs: number;
  /** So long the job may take altogether; left out: as long as the attempt. */
  totalMs?: number;
}

/** Below the lease of an attempt, which nobody renews in the meantime. */
export const usualPatience: Patience = { everyMs: 2000, silenceMs: 20_000 };

/**
 * Asks until there is something to return. A server that cannot be reached is asked again for a while, after which that is the failure;
 * one that takes too long altogether fails with `worker_timeout`. Rejects with the signal's reason when it aborts.
 */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  signal: AbortSignal,
  { everyMs, silenceMs, totalMs }: Patience,
): Promise<T> {
  const began = Date.now();
  let heard = began;
  for (;;) {
    signal.throwIfAborted();
    try {
      const found = await ask();
      if (found !== undefined) return found;
      heard = Date.now();
    } catch (error) {
      if (!(error instanceof EngineUnreachable) || Date.now() - heard >= silenceMs) throw error;
    }
    if (totalMs !== undefined && Date.now() - began >= totalMs) {
      throw new EngineFailure('worker_timeout', `no end after ${totalMs} ms`);
    }
    await pause(everyMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
