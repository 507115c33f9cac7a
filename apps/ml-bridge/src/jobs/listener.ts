/** Somebody who waits for a bell. It is not missed when it rings between two waits. */
export class Listener {
  private hasRung = false;
  private wake: (() => void) | null = null;

  constructor(private readonly forget: () => void) {}

  get rung(): boolean {
    return this.hasRung;
  }

  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  /** Resolves when it has rung, after so many milliseconds, or when the signal aborts. */
  async next(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.hasRung && !signal.aborted) await this.waited(ms, signal);
    this.hasRung = false;
  }

  end(): void {
    this.forget();
  }

  private waited(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.wake = done;
    });
  }
}
