/** How many things may go on at once, and how many of them may belong to one holder. */
export interface SlotLimits {
  total: number;
  perHolder: number;
}

/** Counts what goes on at once in this process. */
export class Slots {
  private taken = 0;
  private readonly takenBy = new Map<string, number>();

  constructor(readonly limits: SlotLimits) {}

  /** Whose limit forbids one more: the holder's own, that of all together, or nobody's. */
  limitReached(holder: string): 'own' | 'total' | null {
    if ((this.takenBy.get(holder) ?? 0) >= this.limits.perHolder) return 'own';
    return this.taken >= this.limits.total ? 'total' : null;
  }

  take(holder: string): void {
    this.taken++;
    this.takenBy.set(holder, (this.takenBy.get(holder) ?? 0) + 1);
  }

  release(holder: string): void {
    this.taken--;
    const left = (this.takenBy.get(holder) ?? 0) - 1;
    if (left > 0) this.takenBy.set(holder, left);
    else this.takenBy.delete(holder);
  }

  /** How many go on now. */
  get inUse(): number {
    return this.taken;
  }

  /** How many holders are remembered: those that hold something. */
  get holders(): number {
    return this.takenBy.size;
  }
}
