import CircuitBreaker from 'opossum';

export interface BreakerOptions {
  /** After so many failures in a row nothing is let through. */
  failures: number;
  /** How long that lasts until the probe is let through. */
  pauseMs: number;
  /** Whether an error says that the other side is in trouble; one that is its answer does not. */
  isFailure: (error: unknown) => boolean;
  /** Asked after each pause: its success lets everything through again. Has to end soon. */
  probe: () => Promise<unknown>;
}

/** The refusal of work that was not begun: the breaker is open. */
export class BreakerOpen extends Error {
  override readonly name = 'BreakerOpen';
}

/**
 * Stands before a system that may be down or slow: after a few failures in a row whatever is asked of it is refused at once, and it is
 * left alone but for one cheap question after each pause. Nobody has to call for it to find out that all is well again.
 */
export class Breaker {
  private readonly circuit: CircuitBreaker<[() => Promise<unknown>]>;
  private inARow = 0;

  constructor({ failures, pauseMs, isFailure, probe }: BreakerOptions) {
    this.circuit = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
      timeout: false,
      resetTimeout: pauseMs,
      errorThresholdPercentage: 100, // never reached: failures in a row open it
      errorFilter: (error: unknown) => !isFailure(error),
    });
    this.circuit.on('success', () => {
      this.inARow = 0;
    });
    this.circuit.on('failure', () => {
      if (++this.inARow >= failures) this.circuit.open();
    });
    // the listener is called before anybody else can be let through
    this.circuit.on('halfOpen', () => void this.run(probe).catch(() => undefined));
  }

  /** Does the work, or throws BreakerOpen at once. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.circuit.fire(work) as Promise<T>;
    return done.catch((error: unknown) => {
      throw (error as { code?: string } | undefined)?.code === 'EOPENBREAKER' ? new BreakerOpen('left alone') : error;
    });
  }

  /** Whether work is refused. */
  get open(): boolean {
    return !this.circuit.closed;
  }

  /** Asks nothing any more. */
  stop(): void {
    this.circuit.shutdown();
  }
}
