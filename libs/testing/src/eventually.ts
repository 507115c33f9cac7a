import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check until it passes and resolves to its value; after `limitMs` its last failure is the test's failure. */
export async function eventually<T>(check: () => T | Promise<T>, limitMs = 10_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(25);
    }
  }
}
