/** Runs at most `atOnce` pieces of work at a time and lets at most `waiting` more wait their turn, first come, first served. */
export class ConcurrencyLimit {
  private readonly queue: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly atOnce: number,
    private readonly waiting: number,
  ) {}

  /** How much waits for its turn. */
  get queued(): number {
    return this.queue.length;
  }

  /** Throws what `refusal` makes when the queue is full; the work is not begun then. */
  async run<T>(work: () => Promise<T>, refusal: () => Error): Promise<T> {
    if (this.running < this.atOnce) this.running++;
    else if (this.queue.length < this.waiting) await new Promise<void>((turn) => this.queue.push(turn));
    else throw refusal();
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  /** Hands the place to whoever waits longest, so that nobody who comes later can take it in between. */
  private passOn(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.running--;
  }
}
