import { setTimeout as wait } from 'node:timers/promises';

const tries = 20;
/** An engine that shuts down while the broker is away goes all the same: the lease tells the rest of the system. */
const shuttingDownForMs = 3000;

/** The end of a job must arrive: it is sent until the broker has it or the lease is surely over, and not much longer once `stopping`. */
export async function persistently(
  send: () => Promise<void>,
  stopping: AbortSignal,
  onRefusal: (error: unknown, count: number) => void,
): Promise<void> {
  let patience = Infinity;
  const beImpatient = (): void => {
    patience = Date.now() + shuttingDownForMs;
  };
  if (stopping.aborted) beImpatient();
  stopping.addEventListener('abort', beImpatient, { once: true });
  try {
    for (let count = 1; ; count++) {
      try {
        return await send();
      } catch (error) {
        if (count === tries || Date.now() > patience) throw error;
        onRefusal(error, count);
        const pauseMs = Math.min(5000, 250 * 2 ** count);
        await (stopping.aborted
          ? wait(Math.min(1000, pauseMs))
          : wait(pauseMs, undefined, { signal: stopping }).catch(() => {}));
      }
    }
  } finally {
    stopping.removeEventListener('abort', beImpatient);
  }
}
