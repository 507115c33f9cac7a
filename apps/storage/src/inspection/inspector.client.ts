import { type ChildProcess, fork } from 'node:child_process';
import { passedOn, WarmProcess } from '#runtime';
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
  private readonly process: WarmProcess;

  constructor(private readonly options: InspectorOptions) {
    this.process = new WarmProcess(() => start(options));
  }

  /** Never rejects: a crash and a missed deadline are outcomes too. */
  run(order: Order, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve({ type: 'canceled' });
    const child = this.process.ready();
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
        this.process.kill(child);
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
    this.process.kill();
  }

  /** A process that keeps much memory after its work has not enough left for the next. */
  private rested(child: ChildProcess, report: Exclude<Report, { type: 'begun' }>): Outcome {
    if (report.type === 'accepted' && report.rssMb > this.options.memoryMb / 2) this.process.kill(child);
    return report;
  }
}

/** None of the service's secrets is in its environment, and what a decoder prints about a stranger's bytes is no log of ours. */
const start = ({ program, memoryMb }: InspectorOptions): ChildProcess =>
  fork(program, [String(memoryMb)], {
    execArgv: ['--enable-source-maps', `--max-old-space-size=${Math.floor(memoryMb / 2)}`],
    env: { ...passedOn('PATH', 'NODE_ENV'), MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

/** A process that takes too much memory kills itself (SIGKILL), unless V8 does, whose heap is full (SIGABRT, or exit code 134). */
function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134) return 'it took too much memory';
  return `its process ended (${signal ?? code ?? 'unknown'})`;
}
