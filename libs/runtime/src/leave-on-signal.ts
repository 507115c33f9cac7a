import { constants } from 'node:os';
import { type INestApplication, Logger } from '@nestjs/common';
import { Departure } from './departure.js';

const signals = ['SIGTERM', 'SIGINT'] as const;
/** Less than the grace that orchestrators give by default: a process that hangs says so itself, instead of being killed. */
const endWithinMs = 28_000;

/**
 * Ends the process when it is asked to: not ready at once, `delayMs` later it takes nothing more, finishes what it began and exits with 0;
 * with 1 when that fails or takes half a minute. The same signal again ends it at once, with the code that a shell gives for it.
 */
export function leaveOnSignal(app: INestApplication, delayMs: number): void {
  const received = new Set<string>();
  for (const signal of signals) {
    process.on(signal, () => {
      if (received.has(signal)) process.exit(128 + constants.signals[signal]);
      received.add(signal);
      if (received.size === 1) void leave(app, delayMs);
    });
  }
}

async function leave(app: INestApplication, delayMs: number): Promise<void> {
  const logger = new Logger('departure');
  logger.log({ msg: 'leaving', delay_ms: delayMs });
  app.get(Departure).begin();
  await new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
  setTimeout(() => {
    logger.error(`what was begun has not ended within ${endWithinMs} ms: it is given up`);
    process.exit(1);
  }, endWithinMs).unref();
  try {
    await app.close();
    process.exit(0);
  } catch (error) {
    logger.error(error);
    process.exit(1);
  }
}
