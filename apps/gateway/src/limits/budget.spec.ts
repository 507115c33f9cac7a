import fc from 'fast-check';
import type { Allowance } from '#contracts';
import { Budget, type Policy } from './budget.js';

const minute: Policy = { name: 'account', limit: 1200, windowSeconds: 60 };
const given = (granted: number, remaining: number, resets_in_ms = 60_000): Allowance => ({
  granted,
  remaining,
  resets_in_ms,
});

/** The counters that all gateways share, as the auth service keeps them. */
class Shared {
  endsAt = -Infinity;
  windows = 0;
  private used = 0;

  constructor(private readonly policy: Policy) {}

  take(points: number, now: number): Allowance {
    if (this.endsAt <= now) {
      [this.used, this.endsAt] = [0, now + this.policy.windowSeconds * 1000];
      this.windows++;
    }
    const granted = Math.min(points, this.policy.limit - this.used);
    this.used += granted;
    return given(granted, this.policy.limit - this.used, Math.ceil(this.endsAt - now));
  }
}

describe('a budget', () => {
  it('has to be asked about first, for what the request costs', () => {
    const budget = new Budget(minute);
    budget.waiting = 10;
    expect(budget.spend(10, 0)).toBeUndefined();
    expect(budget.wanted(0)).toBe(10);
  });

  it('is spent without a question as long as there is a stock', () => {
    const budget = new Budget(minute);
    budget.refill(given(20, 1000), 0);
    expect([budget.spend(10, 1), budget.spend(10, 1), budget.spend(1, 1)]).toEqual([true, true, undefined]);
    expect(budget.remaining).toBe(1000);
  });

  it.each([
    // limit, left for everybody, in stock, waiting → asked for
    [1200, 1200, 0, 1, 150],
    [1200, 80, 0, 1, 10],
    [1200, 15, 0, 1, 1],
    [1200, 15, 0, 10, 10],
    [1200, 15, 4, 10, 6],
    [1200, 1200, 0, 4000, 1200],
    [61, 61, 0, 1, 7],
    [60, 60, 0, 1, 1],
    [60, 60, 0, 25, 25],
  ])('of %i with %i left, %i in stock and %i waiting asks for %i', (limit, left, stock, waiting, asked) => {
    const budget = new Budget({ ...minute, limit });
    budget.refill(given(stock, left), 0);
    budget.waiting = waiting;
    expect(budget.wanted(1)).toBe(asked);
  });

  it('refuses by itself when nothing is left anywhere, until the window is over', () => {
    const budget = new Budget(minute);
    budget.refill(given(5, 0), 1000);
    expect([budget.spend(10, 60_998), budget.spend(5, 60_998), budget.spend(1, 60_998)]).toEqual([false, true, false]);
    expect(budget.secondsLeft(1000)).toBe(60);
    expect(budget.secondsLeft(60_998)).toBe(1);
    expect(budget.spend(1, 60_999)).toBeUndefined();
  });

  it('takes no point into the next window, even when the window ends between question and answer', () => {
    const budget = new Budget(minute);
    budget.refill(given(100, 900, 10), 0);
    budget.refill(given(1, 1100, 60_000), 5);
    expect(budget.remaining).toBe(1101);
    expect([budget.spend(2, 20), budget.spend(1, 20)]).toEqual([undefined, true]);
  });

  it('keeps its stock when more is given in the same window', () => {
    const budget = new Budget(minute);
    budget.refill(given(3, 900, 50_000), 0);
    budget.refill(given(4, 896, 49_990), 12);
    expect(budget.spend(7, 20)).toBe(true);
  });

  it('counted alone has the same limit, less what was spent already', () => {
    const budget = new Budget(minute);
    budget.refill(given(1000, 200), 0);
    budget.spend(1000, 1);
    budget.countAlone(2);
    expect([budget.spend(201, 3), budget.spend(200, 3), budget.spend(1, 3)]).toEqual([false, true, false]);
    budget.countAlone(60_000);
    expect(budget.spend(1200, 60_001)).toBe(true);
    expect(budget.secondsLeft(60_001)).toBe(60);
  });

  it('takes nothing from counting alone into a shared window', () => {
    const budget = new Budget(minute);
    budget.countAlone(0);
    budget.refill(given(1, 500, 20_000), 60_001);
    expect(budget.remaining).toBe(501);
    expect(budget.spend(2, 60_002)).toBeUndefined();
  });

  const events = fc.array(
    fc.record({
      gateway: fc.nat(2),
      cost: fc.constantFrom(1, 2, 5, 10),
      pause: fc.nat(200),
      // sometimes just before the window is over, which is where it matters
      beforeEnd: fc.option(fc.nat(700), { freq: 8 }),
      thither: fc.nat(300),
      back: fc.nat(300),
    }),
    { maxLength: 400 },
  );

  it('is never exceeded by three gateways together, whatever they send and however slow the answers are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), events, (limit, requests) => {
        const policy = { ...minute, limit };
        const shared = new Shared(policy);
        const gateways = Array.from({ length: 3 }, () => new Budget(policy));
        const admitted = new Map<number, number>();
        let now = 0;
        for (const { gateway, cost, pause, beforeEnd, thither, back } of requests) {
          now = Math.max(now + pause, beforeEnd === null ? 0 : shared.endsAt - beforeEnd);
          const budget = gateways[gateway]!;
          budget.waiting = cost;
          let answer = budget.spend(cost, now);
          for (let tries = 0; answer === undefined && tries < 50; tries++) {
            const askedAt = now;
            const allowance = shared.take(budget.wanted(askedAt), (now += thither));
            budget.refill(allowance, askedAt);
            answer = budget.spend(cost, (now += back));
          }
          expect(answer).toBeDefined();
          // a point that is spent when the shared window is over would count for the next one
          expect(answer && now >= shared.endsAt).toBe(false);
          if (answer) admitted.set(shared.windows, (admitted.get(shared.windows) ?? 0) + cost);
        }
        expect(Math.max(0, ...admitted.values())).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [1, 2],
    [60, 61],
    [1200, 60],
    [100_000, 100],
  ])('of %i is given out to the last point by two gateways, with at most %i questions', (limit, most) => {
    const policy = { ...minute, limit };
    const shared = new Shared(policy);
    const gateways = [new Budget(policy), new Budget(policy)];
    let [admitted, questions] = [0, 0];
    for (let turn = 0; turn < 3 * limit; turn++) {
      const budget = gateways[turn % 2]!;
      budget.waiting = 1;
      let answer = budget.spend(1, 0);
      while (answer === undefined) {
        questions++;
        budget.refill(shared.take(budget.wanted(0), 0), 0);
        answer = budget.spend(1, 0);
      }
      if (answer) admitted++;
    }
    expect(admitted).toBe(limit);
    expect(questions).toBeLessThanOrEqual(most);
  });
});
