import { Child, type ChildSpec } from './child.js';

/** All processes of one stack, so that none outlives it: also those that were being started when it was told to stop. */
export class Children {
  private readonly running = new Set<Child>();
  private closed = false;

  constructor(readonly dataDir: string) {}

  /** Starts a process. Throws when the stack is stopping. */
  start(spec: ChildSpec): Child {
    if (this.closed) throw new Error('The stack is stopping.');
    const child = new Child(spec, this.dataDir);
    this.running.add(child);
    void child.ended.then(() => this.running.delete(child));
    return child;
  }

  /** Starts no more, and kills what still runs. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.running].map((child) => child.stop(0, 'SIGKILL')));
  }

  /** The same for a process that is about to exit and can wait for nothing. */
  killAll(): void {
    this.closed = true;
    for (const child of this.running) child.kill('SIGKILL');
  }
}
