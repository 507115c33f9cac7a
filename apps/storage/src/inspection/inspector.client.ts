import { type ChildProcess, fork } from 'node:child_process';
import { passedOn } from '#runtime';
import type { Order, Report } from './messages.js';

export interface InspectorOptions {
  /** The program to run: inspector/main.js. */
  program: string;
  memoryMb: number;
  /** What takes longer is killed. */
  limitMs: number;
}

/** How looking at an upload ended. `lost`: the process did not survive it, or not in time. */
export type Outcome = Exclude<Report, { type: 'begun' }> | { type: 'lost'; how: string } | { type: 'canceled' };

/**
 * A process that looks at one upload at a time, kept warm between them. A process, not a thread: a native decoder that crashes, or
 * that cannot be interrupted, takes every thread with it; a process can be killed, and is, when it takes too long or is no longer wanted.
 */
export class Inspector {
  private child: ChildProcess | null = null;

  constructor(private readonly options: InspectorOptions) {}

  /** Never rejects: a crash and a missed deadline are outcomes too. */
  run(order: Order, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve({ type: 'canceled' });
    const child = this.ready();
    if (!child) return Promise.resolve({ type: 'failed', reason: 'no process could be started' });
    return new Promise((resolve) => {
      let begun = false;
      const settle = (outcome: Outcome): void => {
        clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
        child.off('exit', onExit).off('message', onMessage);
        resolve(outcome);
      };
      const stop = (outcome: Outcome): void => {
        child.off('exit', onExit).once('exit', () => settle(outcome)); // from then on it writes no file any more
        this.kill(child);
      };
      const onAbort = (): void => stop({ type: 'canceled' });
      const onExit = (code: number | null, by: NodeJS.Signals | null): void =>
        settle(begun ? { type: 'lost', how: endingOf(code, by) } : { type: 'failed', reason: endingOf(code, by) });
      const onMessage = (report: Report): void => {
        if (report.type === 'begun') begun = true;
        else settle(this.rested(child, report));
      };
      const deadline = setTimeout(() => stop({ type: 'lost', how: 'it took too long' }), this.options.limitMs);
      signal.addEventListener('abort', onAbort, { once: true });
      child.on('exit', onExit).on('message', onMessage);
      child.send(order, (error) => error && settle({ type: 'failed', reason: error.message }));
    });
  }

  close(): void {
    if (this.child) this.kill(this.child);
  }

  /** The process, started when there is none; null when it cannot be started. */
  private ready(): ChildProcess | null {
    try {
      return (this.child ??= this.start());
    } catch {
      return null; // no memory, for one: fork throws what it does not emit
    }
  }

  /** None of the service's secrets is in its environment, and what a decoder prints about a stranger's bytes is no log of ours. */
  private start(): ChildProcess {
    const { program, memoryMb } = this.options;
    const child = fork(program, [String(memoryMb)], {
      execArgv: ['--enable-source-maps', `--max-old-space-size=${Math.floor(memoryMb / 2)}`],
      env: { ...passedOn('PATH', 'NODE_ENV'), MALLOC_ARENA_MAX: '2' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.once('exit', () => {
      if (this.child === child) this.child = null;
    });
    // a failed start is an error without an exit: the next upload must not be sent to what never was
    child.on('error', () => {
      if (this.child === child) this.kill(child);
    });
    return child;
  }

  /** A process that keeps much memory after its work has not enough left for the next. */
  private rested(child: ChildProcess, report: Exclude<Report, { type: 'begun' }>): Outcome {
    if (report.type === 'accepted' && report.rssMb > this.options.memoryMb / 2) this.kill(child);
    return report;
  }

  private kill(child: ChildProcess): void {
    if (this.child === child) this.child = null;
    child.kill('SIGKILL');
  }
}

/** A process that takes too much memory kills itself (SIGKILL), unless V8 does, whose heap is full (SIGABRT, or exit code 134). */
function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134) return 'it took too much memory';
  return `its process ended (${signal ?? code ?? 'unknown'})`;
}
