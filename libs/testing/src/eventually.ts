import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats a check until it passes and resolves to its value; after `limitMs` its last failure is the test's failure. What has rate
 * limits is better asked less often than by default.
 */
export async function eventually<T>(check: () => T | Promise<T>, limitMs = 10_000, everyMs = 25): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(everyMs);
    }
  }
}
