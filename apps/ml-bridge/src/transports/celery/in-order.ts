/** Does what is about one thing one after the other, and what is about different things at once. */
export class InOrder {
  private readonly last = new Map<string, Promise<void>>();

  /** Resolves, or rejects, as `work` does. */
  after(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.last.get(key) ?? Promise.resolve();
    const done = before.then(work, work);
    this.last.set(key, done);
    const forget = (): void => {
      if (this.last.get(key) === done) this.last.delete(key);
    };
    done.then(forget, forget);
    return done;
  }
}
