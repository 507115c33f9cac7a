import { setImmediate as turn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { RetentionService } from './retention.service.js';

const hourMs = 3_600_000;
const nothing = async (): Promise<number> => 0;

/** What is due is a list of portions; each look takes one. */
const retentionOf = (looks: (() => Promise<number>)[]): { service: RetentionService; looked: () => number } => {
  const due = [...looks];
  const removeSome = (): Promise<number> => (due.shift() ?? nothing)();
  const service = new RetentionService(
    { removeSome } as never,
    { forgetSome: nothing } as never,
    { removeOld: nothing } as never,
  );
  return { service, looked: () => looks.length - due.length };
};

describe('the sweep of what is too old', () => {
  beforeEach(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
    Logger.overrideLogger(true);
  });

  it('takes place at the start and every hour, also after one that failed', async () => {
    const { service, looked } = retentionOf([
      () => Promise.reject(new Error('the database is away')),
      nothing,
      nothing,
    ]);
    service.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(hourMs - 1);
    expect(looked()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(looked()).toBe(2);
    await jest.advanceTimersByTimeAsync(hourMs);
    expect(looked()).toBe(3);
    await service.onModuleDestroy();
    await jest.advanceTimersByTimeAsync(hourMs);
    expect(looked()).toBe(3);
  });

  it('goes on while portions are full, and leaves the rest when the service stops', async () => {
    const full = async (): Promise<number> => 100;
    const all = retentionOf([full, full, async () => 99, full]);
    all.service.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(1);
    expect(all.looked()).toBe(3);
    await all.service.onModuleDestroy();

    let finish: (removed: number) => void = () => undefined;
    const slow = (): Promise<number> => new Promise((resolve) => (finish = resolve));
    const stopping = retentionOf([slow, full]);
    stopping.service.onApplicationBootstrap();
    let stopped = false;
    const stop = stopping.service.onModuleDestroy().then(() => (stopped = true));
    await turn();
    expect(stopped).toBe(false);
    finish(100);
    await stop;
    expect(stopping.looked()).toBe(1);
  });
});
