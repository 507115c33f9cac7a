import type { Allowance } from '#contracts';

/** So many points in each window of so many seconds, for each account or each address. */
export interface Policy {
  /** Its name in the RateLimit fields, and the first part of its buckets' names. */
  name: string;
  limit: number;
  windowSeconds: number;
}

/** Up to this limit a gateway keeps nothing in stock: all gateways together give out every last point. */
const exactUpTo = 60;
/** The part of what is left for everybody that a gateway takes into stock at once. */
const stockShare = 8;

/**
 * What one gateway knows of the budget of one account or address in the window under way. The points it has in stock were given
 * to it alone, and it never admits more than those, so that all gateways together never admit more than the limit. Times are
 * milliseconds of a clock that never goes back; nothing in here reads it.
 */
export class Budget {
  /** The points of the requests that wait for an answer about this budget. */
  waiting = 0;
  /** The question that all of them wait for. */
  question: Promise<void> | undefined;
  private stock = 0;
  private elsewhere = 0;
  private spent = 0;
  private endsAt = -Infinity;
  private alone = false;

  constructor(private readonly policy: Policy) {}

  /** Whether a request of this cost is admitted; undefined when that has to be asked first. Admitting it spends the points. */
  spend(cost: number, now: number): boolean | undefined {
    if (this.isOver(now)) return undefined;
    if (this.stock >= cost) {
      this.stock -= cost;
      this.spent += cost;
      return true;
    }
    return this.elsewhere === 0 ? false : undefined;
  }

  /** How many points to ask for: what the waiting requests lack, or a stock for later ones while there is plenty. */
  wanted(now: number): number {
    const { limit } = this.policy;
    const [stock, elsewhere] = this.isOver(now) ? [0, 0] : [this.stock, this.elsewhere];
    const ahead = limit > exactUpTo ? Math.floor(elsewhere / stockShare) : 0;
    return Math.min(limit, Math.max(1, this.waiting - stock, ahead));
  }

  /**
   * Takes in what was given. The window is taken to end as long after the question as the answer says, which is never later than
   * it does: no point of a window is spent in the next one. An end half a window later is the end of another window.
   */
  refill({ granted, remaining, resets_in_ms }: Allowance, askedAt: number): void {
    const endsAt = askedAt + resets_in_ms - 1; // the answer is rounded up
    if (this.alone || endsAt - this.endsAt > (this.policy.windowSeconds * 1000) / 2) this.begin(endsAt);
    else this.endsAt = Math.max(this.endsAt, endsAt);
    this.stock += granted;
    this.elsewhere = remaining;
  }

  /** Nobody answers: until the window is over this gateway counts alone, up to the same limit. */
  countAlone(now: number): void {
    if (this.isOver(now)) this.begin(now + this.policy.windowSeconds * 1000);
    this.alone = true;
    this.stock = this.policy.limit - this.spent;
    this.elsewhere = 0;
  }

  isOver(now: number): boolean {
    return this.endsAt <= now;
  }

  /** Whether forgetting it loses nothing. */
  isIdle(now: number): boolean {
    return this.waiting === 0 && this.isOver(now);
  }

  /** What is left for everybody, as far as this gateway knows. */
  get remaining(): number {
    return this.stock + this.elsewhere;
  }

  /** Whole seconds until the window is over, at least one. */
  secondsLeft(now: number): number {
    return Math.max(1, Math.ceil((this.endsAt - now) / 1000));
  }

  private begin(endsAt: number): void {
    this.stock = 0;
    this.spent = 0;
    this.alone = false;
    this.endsAt = endsAt;
  }
}
