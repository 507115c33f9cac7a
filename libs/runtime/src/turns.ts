/** Runs the work on one name after the other, and the work on different names side by side. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Settles as the work does; a turn that failed does not stop the next one. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(name) === turn) this.last.delete(name);
    }
  }
}
