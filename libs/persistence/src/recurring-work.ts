import { Logger } from '@nestjs/common';
import { metrics, observed } from '#telemetry';

/**
 * Work that is done in rounds: every so often, and soon when it is woken, one round at a time. A round that fails is logged and made up
 * for by the next. What is to be done is in a table, so any replica may do it, and one that stops leaves the rest to others.
 */
export class RecurringWork {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly round: () => Promise<void>,
  ) {
    this.logger = new Logger(name);
  }

  /** Rounds are done from now on. */
  start(): void {
    this.timer ??= setInterval(() => this.tick(), this.everyMs);
  }

  /** Whether a round that goes on for long had better leave the rest. */
  get stopping(): boolean {
    return this.timer === undefined;
  }

  /** Does a round soon; one that is called for during a round comes after it. Before the start, and after the stop, nothing happens. */
  wake(): void {
    if (this.running) this.again = true;
    else this.tick();
  }

  /** Begins no more rounds, and waits for the one under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private tick(): void {
    if (this.stopping || this.running) return;
    this.running = observed(metrics.workRounds, { work: this.name }, this.round)
      .catch((error: unknown) => this.logger.warn({ err: error }))
      .finally(() => {
        this.running = null;
        if (!this.again) return;
        this.again = false;
        this.tick();
      });
  }
}
