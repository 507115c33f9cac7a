import type { ChildProcess } from 'node:child_process';

/** A process of our own that does one piece of work after the other: started when it is needed, and kept until it ends or is killed. */
export class WarmProcess {
  private child: ChildProcess | null = null;

  constructor(private readonly start: () => ChildProcess) {}

  /** Its number, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** The process, started when there is none; null when it cannot be started. */
  ready(): ChildProcess | null {
    try {
      return (this.child ??= this.begin());
    } catch {
      return null; // no memory, for one: fork throws what it does not emit
    }
  }

  /** Ends this process at once, whatever it does; the next piece of work gets another one. */
  kill(child: ChildProcess | null = this.child): void {
    if (this.child === child) this.child = null;
    child?.kill('SIGKILL');
  }

  private begin(): ChildProcess {
    const child = this.start();
    child.once('exit', () => {
      if (this.child === child) this.child = null;
    });
    // a failed start is an error without an exit: the next piece of work must not be sent to what never was
    child.on('error', () => {
      if (this.child === child) this.kill(child);
    });
    return child;
  }
}
