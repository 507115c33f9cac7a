/** Who has been bringing tasks: in a fair queue others come before an account's second task that are not there yet. */
export interface Arrivals {
  perMs: number;
  /** The account of each of the newest tasks. */
  accounts: number[];
  /** The first round in which each of these accounts has no task and has had none. */
  freeRounds: number[];
}

/** An account that has brought some of the newest tasks, the first of them so many milliseconds ago. */
export interface Bringer {
  tasks: number;
  sinceMs: number;
  freeRound: number;
}

/** How fast a model's tasks are done: what they took, in milliseconds, and how many run at once. */
export interface Pace {
  history: Float64Array;
  slots: number;
}

/**
 * What is to come, as the newest tasks came; in the long run no more than the slots can do, for a rush that has only begun says nothing
 * about the hours after it.
 */
export function arrivalsOf(bringers: Bringer[], { history, slots }: Pace): Arrivals {
  const tasks = bringers.reduce((sum, bringer) => sum + bringer.tasks, 0);
  const sinceMs = Math.max(0, ...bringers.map((bringer) => bringer.sinceMs));
  const meanMs = history.reduce((sum, took) => sum + took, 0) / history.length;
  return {
    perMs: tasks === 0 ? 0 : tasks / Math.max(1, sinceMs, (tasks * meanMs) / slots),
    accounts: bringers.flatMap((bringer, account) => Array.from({ length: bringer.tasks }, () => account)),
    freeRounds: bringers.map(({ freeRound }) => freeRound),
  };
}

/** What is to come in a round after this one does not change what is told. */
const farthestRound = 512;
/** A slot that is long in becoming free is not worth playing everybody who comes until then. */
const mostArrivals = 1000;

/** Tasks that will come while the queue is played. Within a round they follow those that are there. */
export class Others {
  private readonly freeRounds: Int32Array;
  private readonly waiting = new Int32Array(farthestRound);
  private nextAt = 0;
  private clock = 0;
  private come = 0;

  constructor(
    private readonly arrivals: Arrivals,
    private readonly random: () => number,
  ) {
    this.freeRounds = Int32Array.from(arrivals.freeRounds);
    this.nextAt = this.pause();
  }

  /** Takes one whose turn is before a round, of those that have come by now; false when there is none. */
  comeBefore(round: number, now: number): boolean {
    while (this.nextAt <= now) this.arrive();
    const end = Math.min(round, farthestRound);
    while (this.clock < end && this.waiting[this.clock] === 0) this.clock++;
    if (this.clock >= end) return false;
    this.waiting[this.clock]!--;
    return true;
  }

  private arrive(): void {
    const { accounts } = this.arrivals;
    const account = accounts[Math.floor(this.random() * accounts.length)]!;
    const round = Math.max(this.clock, this.freeRounds[account]!);
    this.freeRounds[account] = round + 1;
    if (round < farthestRound) this.waiting[round]!++;
    this.come++;
    this.nextAt += this.pause();
  }

  private pause(): number {
    return this.arrivals.perMs > 0 && this.come < mostArrivals
      ? -Math.log(1 - this.random()) / this.arrivals.perMs
      : Infinity;
  }
}
