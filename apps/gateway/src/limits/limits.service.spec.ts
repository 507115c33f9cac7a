import { setImmediate as later } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Allowance, TakeAllowance } from '#contracts';
import { GatewayConfig } from '../gateway.config.js';
import { LimitsService } from './limits.service.js';
import type { SharedAllowancesService } from './shared-allowances.service.js';

/** Gives out the points of one window, an event loop later; or does not answer. */
class SharedPoints {
  readonly asked: TakeAllowance[] = [];
  away = false;
  private used = 0;

  async take(request: TakeAllowance): Promise<Allowance | null> {
    this.asked.push(request);
    await later();
    if (this.away) return null;
    const granted = Math.min(request.points, request.limit - this.used);
    this.used += granted;
    return { granted, remaining: request.limit - this.used, resets_in_ms: 30_000 };
  }
}

const limitsWith = (shared: SharedPoints, about: Partial<GatewayConfig>): LimitsService =>
  new LimitsService(shared as unknown as SharedAllowancesService, Object.assign(new GatewayConfig(), about));

describe('the limits of a gateway', () => {
  const shared = new SharedPoints();
  const limits = limitsWith(shared, { RATE_LIMIT_PER_ACCOUNT: 50 });

  it('ask one question for all requests of one budget that come at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 20 }, async () => limits.take('account', 'ada', 1)));
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(20);
    expect(shared.asked.map(({ points }) => points)).toEqual([1, 19]);
    expect(shared.asked[0]).toEqual({ bucket: 'account:ada', points: 1, limit: 50, window_seconds: 60 });
  });

  it('admit exactly the limit, though all come at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 100 }, async () => limits.take('account', 'ada', 1)));
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(30);
    expect(verdicts.at(-1)).toMatchObject({ admitted: false, remaining: 0, secondsLeft: 30 });
  });

  it('refuse without a question, and without waiting, what is spent', () => {
    const before = shared.asked.length;
    expect(limits.take('account', 'ada', 1)).toMatchObject({ admitted: false, remaining: 0, secondsLeft: 30 });
    expect(shared.asked).toHaveLength(before);
  });

  it('spend a stock without a question', async () => {
    const plenty = new SharedPoints();
    const gateway = limitsWith(plenty, {});
    for (let request = 0; request < 100; request++) await gateway.take('address', '192.0.2.1', 1);
    expect(plenty.asked.map(({ points }) => points)).toEqual([1, 299]);
  });

  it('hold alone when nobody answers', async () => {
    const silent = new SharedPoints();
    silent.away = true;
    const gateway = limitsWith(silent, { REGISTRATIONS_PER_ADDRESS: 3 });
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, async () => gateway.take('registrations', '192.0.2.1', 1)),
    );
    expect(verdicts.map(({ admitted }) => admitted).filter(Boolean)).toHaveLength(3);
    expect(silent.asked).toHaveLength(1);
    expect(verdicts.at(-1)).toMatchObject({ secondsLeft: 3600 });
  });

  it.each([
    ['off', 1],
    ['on', 0],
  ])('warn at the start when they are %s: %i lines', (switched, lines) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const gateway = limitsWith(new SharedPoints(), { RATE_LIMITS: switched });
    gateway.onModuleInit();
    expect(gateway.enabled).toBe(switched === 'on');
    expect(warn).toHaveBeenCalledTimes(lines);
    warn.mockRestore();
  });
});
