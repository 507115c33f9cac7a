import { Budgets } from './budgets.js';

const policy = { name: 'address', limit: 100, windowSeconds: 60 };

/** Budgets whose windows began at the moments given. */
function budgetsBegun(capacity: number, moments: Record<string, number>): Budgets {
  const budgets = new Budgets(policy, capacity);
  for (const [key, at] of Object.entries(moments)) {
    budgets.of(key, at).refill({ granted: 10, remaining: 90, resets_in_ms: 60_000 }, at);
  }
  return budgets;
}

describe('the budgets of a policy', () => {
  it('are one for each key, for as long as its window', () => {
    const budgets = budgetsBegun(10, { a: 0, b: 0 });
    expect(budgets.of('a', 1)).toBe(budgets.of('a', 59_000));
    expect(budgets.of('a', 1)).not.toBe(budgets.of('b', 1));
  });

  it('are forgotten when they are over', () => {
    const budgets = budgetsBegun(10, { a: 0, b: 100, c: 30_000 });
    budgets.of('d', 60_050);
    expect(budgets.size).toBe(3);
    expect(budgets.of('c', 60_050).remaining).toBe(100);
  });

  it('are kept while requests wait for an answer about them', () => {
    const budgets = new Budgets(policy, 10);
    const asked = budgets.of('a', 0);
    asked.waiting = 1;
    budgets.of('b', 0);
    expect(budgets.of('a', 0)).toBe(asked);
  });

  it('are never more than there is room for: the oldest window goes', () => {
    const moments = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`address ${at}`, at]));
    const budgets = budgetsBegun(100, moments);
    expect(budgets.size).toBe(100);
    expect(budgets.of('address 999', 1000).remaining).toBe(100);
    expect(budgets.of('address 0', 1000).remaining).toBe(0);
    expect(budgets.size).toBe(100);
  });

  it('that begin anew are the youngest', () => {
    const budgets = budgetsBegun(2, { a: 0, b: 50_000 });
    budgets.of('a', 60_000).refill({ granted: 7, remaining: 0, resets_in_ms: 60_000 }, 60_000);
    budgets.of('c', 60_001);
    expect(budgets.of('a', 60_001).remaining).toBe(7);
  });
});
