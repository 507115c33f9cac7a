/** Counts work that was begun, so that a closing server can finish it. */
export class WorkInProgress {
  private readonly running = new Set<Promise<void>>();

  track(work: Promise<void>): void {
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
  }

  get size(): number {
    return this.running.size;
  }

  /** Resolves when everything tracked has settled, or after `limitMs`. */
  async finished(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.allSettled(this.running), limit]);
    clearTimeout(timer);
  }
}
