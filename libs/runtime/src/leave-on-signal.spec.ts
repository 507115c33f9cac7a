import '#testing';
import type { INestApplication } from '@nestjs/common';
import { leaveOnSignal } from './leave-on-signal.js';

/** Everything that happens to a process that is told to end, in order; nothing ends. */
const steps: string[] = [];
const before = { SIGTERM: process.listeners('SIGTERM'), SIGINT: process.listeners('SIGINT') };
const signals = ['SIGTERM', 'SIGINT'] as const;

const running = (close: () => Promise<void>, delayMs = 0): void => {
  const app = { get: () => ({ begin: () => steps.push('not ready') }), close: () => (steps.push('closing'), close()) };
  leaveOnSignal(app as unknown as INestApplication, delayMs);
};
const tell = (signal: NodeJS.Signals) => process.emit(signal, signal);
const passed = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const never = () => new Promise<void>(() => {});

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(process, 'exit').mockImplementation((code) => void steps.push(`exit ${code}`) as never);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  steps.length = 0;
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!before[signal].includes(listener)) process.off(signal, listener);
    }
  }
});

describe('a process that is told to end', () => {
  it.each(signals)('is not ready, works on for the delay, closes and exits with 0: %s', async (signal) => {
    running(() => Promise.resolve(), 5000);
    tell(signal);
    expect(steps).toEqual(['not ready']);
    await passed(4999);
    expect(steps).toEqual(['not ready']);
    await passed(1);
    expect(steps).toEqual(['not ready', 'closing', 'exit 0']);
  });

  it('exits with 1 when its end fails', async () => {
    running(() => Promise.reject(new Error('no goodbye')));
    tell('SIGTERM');
    await passed(1);
    expect(steps.at(-1)).toBe('exit 1');
  });

  it('gives up what has not ended within the grace period', async () => {
    running(never);
    tell('SIGTERM');
    await passed(27_999);
    expect(steps).toEqual(['not ready', 'closing']);
    await passed(2);
    expect(steps.at(-1)).toBe('exit 1');
  });

  it('ends at once when it is told so again', async () => {
    running(never);
    tell('SIGTERM');
    await passed(1);
    tell('SIGINT'); // a terminal may send one, and its launcher the other
    expect(steps).toEqual(['not ready', 'closing']);
    tell('SIGTERM');
    expect(steps.at(-1)).toBe('exit 143');
  });
});
