import { Problem } from '#contracts';

/** A bound on work that runs at once. `waiting` calls may queue for a place; further ones are refused. */
export class Slots {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly waiting: number,
    private readonly refusal = 'Too many files are being uploaded at once',
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.places) this.running++;
    else await this.wait();
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next(); // the place is handed over, never free in between
      else this.running--;
    }
  }

  private wait(): Promise<void> {
    if (this.queue.length >= this.waiting) {
      throw new Problem('service_unavailable', this.refusal, { retryAfter: 2 });
    }
    return new Promise((resolve) => {
      this.queue.push(resolve);
    });
  }
}
