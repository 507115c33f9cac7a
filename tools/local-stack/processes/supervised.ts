import { setTimeout as delay } from 'node:timers/promises';
import { SetupProblem } from '../setup-problem.js';
import type { Child, Ending } from './child.js';

export interface SupervisedOptions {
  /** What a person calls it: `PostgreSQL`, `service auth`. */
  title: string;
  launch: () => Child | Promise<Child>;
  /** Whether it answers; asked again and again while it starts. */
  answers: () => Promise<boolean>;
  startTimeoutMs: number;
  /** How long it may take to end in order before it is killed. */
  stopGraceMs: number;
  /** Ends it with another signal than its own: throw-away servers are killed. */
  stopSignal?: NodeJS.Signals | undefined;
  /** Starts it again when it dies, as an orchestrator would. */
  restarts: boolean;
  report: (line: string) => void;
}

const longestDelayMs = 30_000;
const healthyAfterMs = 60_000;

/** How long to wait before start number `failures + 1` after deaths in a row. */
export const restartDelayMs = (failures: number): number => Math.min(longestDelayMs, 500 * 2 ** failures);

/** A process that is kept running: started until it answers, reported when it dies, started again, stopped in order. */
export class Supervised {
  private child: Child | undefined;
  private wanted = false;
  private readySince = 0;
  private failures = 0;
  private pause = new AbortController();
  private starting: Promise<void> = Promise.resolve();

  constructor(private readonly options: SupervisedOptions) {}

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.child && this.child.ending === undefined ? this.child.pid : undefined;
  }

  /** How it ended last, in words; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.child?.ending;
  }

  /** Resolves when it answers. Throws a SetupProblem with the end of its log when it dies first or takes too long. */
  async start(): Promise<void> {
    if (this.wanted) return this.starting;
    this.wanted = true;
    this.pause = new AbortController();
    this.starting = this.launch();
    await this.starting;
  }

  /** A signal as from outside: for tests of what happens when it crashes. It is started again afterwards. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child?.kill(signal);
  }

  /** Ends it and leaves it ended. */
  async stop(): Promise<void> {
    this.wanted = false;
    this.pause.abort();
    await this.child?.stop(this.options.stopGraceMs, this.options.stopSignal);
    await this.starting.catch(() => undefined);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private async launch(): Promise<void> {
    const child = await this.options.launch();
    this.child = child;
    if (!this.wanted) await child.stop(0);
    try {
      await this.untilItAnswers(child);
    } catch (error) {
      await child.stop(this.options.stopGraceMs, this.options.stopSignal);
      throw error;
    }
    this.readySince = Date.now();
    void child.ended.then(() => this.onDeath(child));
  }

  private async untilItAnswers(child: Child): Promise<void> {
    const { title, startTimeoutMs } = this.options;
    const begin = Date.now();
    while (!(await this.options.answers())) {
      if (child.ending !== undefined) throw problem(`${title} ended while it was starting (${child.ending})`, child);
      if (Date.now() - begin > startTimeoutMs)
        throw problem(`${title} did not answer within ${startTimeoutMs / 1000} s`, child);
      await delay(Date.now() - begin < 500 ? 25 : 100);
    }
    // Somebody else may be answering in its place: one that is gone is not ready.
    if (child.ending !== undefined) throw problem(`${title} ended while it was starting (${child.ending})`, child);
  }

  private onDeath(child: Child): void {
    if (!this.wanted || child !== this.child) return;
    this.options.report(problem(`${this.options.title} died (${child.ending})`, child).message);
    if (!this.options.restarts) return;
    if (Date.now() - this.readySince > healthyAfterMs) this.failures = 0;
    this.starting = this.startAgain();
  }

  private async startAgain(): Promise<void> {
    while (this.wanted) {
      const waitMs = restartDelayMs(this.failures++);
      try {
        await delay(waitMs, undefined, { signal: this.pause.signal });
        await this.launch();
        this.options.report(`${this.options.title} runs again`);
        return;
      } catch (error) {
        if (this.wanted) this.options.report(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

function problem(what: string, child: Child): SetupProblem {
  const tail = child.tail();
  return new SetupProblem(tail ? `${what}. The end of ${child.logFile}:\n${indented(tail)}` : `${what}.`);
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  | ');
