import { type ChildProcess, fork } from 'node:child_process';
import { WarmProcess } from '#runtime';
import type { Job, WorkerFailure } from '#worker-contract';
import type { JobMessage, JobOutcome } from './messages.js';

export interface EngineProcessOptions {
  /** The program to run: job-process.js. */
  program: string;
  memoryMb: number;
  /** A process that is silent for this long is killed. */
  stallMs: number;
  /** The environment of the process: none of the worker's secrets. */
  env?: NodeJS.ProcessEnv;
}

export type Progress = (stage: string, percent: number) => void;

/**
 * A process that computes one job at a time, kept warm between jobs. Canceling kills it: whatever it was computing really stops,
 * and nothing it does can block or take down the worker that speaks to the broker.
 */
export class EngineProcess {
  private readonly process: WarmProcess;

  constructor(private readonly options: EngineProcessOptions) {
    this.process = new WarmProcess(() => start(options));
  }

  /** Never rejects: a crash, a stall and a missed deadline are outcomes too. */
  run(job: Job, progress: Progress, signal: AbortSignal): Promise<JobOutcome> {
    if (signal.aborted) return Promise.resolve({ type: 'canceled' });
    const child = this.process.ready();
    if (!child) return Promise.resolve({ type: 'failed', error: crashed(null, null) });
    return new Promise((resolve) => {
      const stop = (outcome: JobOutcome): void => {
        this.process.kill(child);
        settle(outcome);
      };
      const onAbort = (): void => stop({ type: 'canceled' });
      const onExit = (code: number | null, killedBy: NodeJS.Signals | null): void =>
        settle({ type: 'failed', error: crashed(code, killedBy) });
      const onMessage = (message: JobMessage): void => {
        stall.refresh();
        if (message.type === 'progress') progress(message.stage, message.percent);
        else settle(outcomeOf(message));
      };
      const deadline = setTimeout(() => stop({ type: 'failed', error: overdue }), Math.min(job.budget_ms, 2 ** 31 - 1));
      const stall = setTimeout(() => stop({ type: 'failed', error: stalled }), this.options.stallMs);
      const settle = (outcome: JobOutcome): void => {
        clearTimeout(deadline);
        clearTimeout(stall);
        signal.removeEventListener('abort', onAbort);
        child.off('exit', onExit).off('message', onMessage);
        resolve(outcome);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      child.on('exit', onExit).on('message', onMessage);
      child.send({ job }, (error) => error && settle({ type: 'failed', error: crashed(null, null) }));
    });
  }

  /** The process id of the child, while there is one. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  close(): void {
    this.process.kill();
  }
}

const start = ({ program, memoryMb, env = {} }: EngineProcessOptions): ChildProcess =>
  fork(program, {
    execArgv: ['--enable-source-maps', `--max-old-space-size=${memoryMb}`],
    serialization: 'advanced',
    env,
  });

function outcomeOf(message: Exclude<JobMessage, { type: 'progress' }>): JobOutcome {
  if (message.type === 'failed') return message;
  return { type: 'succeeded', artifacts: message.artifacts, metrics: message.metrics };
}

/** What becomes of a job whose budget is over. */
export const overdue: WorkerFailure = {
  code: 'deadline_exceeded',
  message: 'The job ran out of time',
  retryable: false,
};
const stalled: WorkerFailure = { code: 'internal', message: 'The engine stopped making progress', retryable: true };

/** V8 aborts (SIGABRT, or exit code 134) when its heap is full. */
function crashed(code: number | null, signal: NodeJS.Signals | null): WorkerFailure {
  if (signal === 'SIGABRT' || code === 134)
    return { code: 'out_of_memory', message: 'The engine ran out of memory', retryable: false };
  return { code: 'internal', message: `The engine process ended (${signal ?? code ?? 'unknown'})`, retryable: true };
}
