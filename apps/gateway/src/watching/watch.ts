/** Somebody who waits for news of a task. News between two waits are not lost, and count as one. */
export class Watch {
  private fresh = false;
  private over = false;
  private wakeUp: (() => void) | undefined;

  constructor(
    readonly accountId: string,
    readonly taskId: string,
    private readonly onEnd: (watch: Watch) => void,
  ) {}

  get ended(): boolean {
    return this.over;
  }

  /** There may be something new to read. */
  wake(): void {
    this.fresh = true;
    this.wakeUp?.();
  }

  /** Resolves when there may be something new, when the watch has ended, or after so many milliseconds. */
  async news(withinMs: number): Promise<void> {
    if (!this.fresh && !this.over) await this.wakenWithin(withinMs);
    this.fresh = false;
  }

  /** Nobody waits any more, or shall. Said twice it is the same. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.wakeUp?.();
    this.onEnd(this);
  }

  private wakenWithin(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wakeUp?.(), ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
    });
  }
}
