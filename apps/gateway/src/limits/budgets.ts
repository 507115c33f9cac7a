import { Budget, type Policy } from './budget.js';

/**
 * The budgets of one policy, at most `capacity` of them: one that is over is forgotten, and in the face of more networks than there
 * is room for the oldest window is. Forgetting never admits more while the counters are shared: what was in stock is lost, and
 * what was spent is known to the others.
 */
export class Budgets {
  /** In the order in which their windows began. */
  private readonly known = new Map<string, Budget>();

  constructor(
    private readonly policy: Policy,
    private readonly capacity: number,
  ) {}

  get size(): number {
    return this.known.size;
  }

  of(key: string, now: number): Budget {
    const found = this.known.get(key);
    if (found && !found.isIdle(now)) return found;
    const budget = found ?? new Budget(this.policy);
    this.known.delete(key);
    this.forget(now);
    this.known.set(key, budget);
    return budget;
  }

  private forget(now: number): void {
    for (const [key, budget] of this.known) {
      if (!budget.isIdle(now) && this.known.size < this.capacity) return;
      this.known.delete(key);
    }
  }
}
