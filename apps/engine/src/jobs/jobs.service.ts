import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Control, Job, WorkerEvent, WorkerFailure } from '#worker-contract';
import { EngineConfig } from '../engine.config.js';
import { EngineProcess } from './engine-process.js';
import { JobReport } from './job-report.js';
import type { JobOutcome } from './messages.js';

export type Send = (event: WorkerEvent) => Promise<void>;

/** How many cancels are remembered for jobs that have not arrived yet. */
const rememberedCancels = 1000;
/** Progress is told at most this often; stages are told at once. */
const progressEveryMs = 400;

const keyOf = ({ task_id, attempt }: { task_id?: string; attempt?: number }): string => `${task_id}:${attempt}`;

/** Runs one job at a time and reports on it: accepted, progress at least once per heartbeat, and exactly one end. */
@Injectable()
export class JobsService implements OnModuleDestroy {
  private readonly logger = new Logger(JobsService.name);
  private readonly canceled = new Set<string>();
  private readonly running = new Map<string, { controller: AbortController; accepted: Promise<void> }>();
  private turn: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly engine: EngineProcess,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Resolves when the job has been accepted with the broker; its work goes on after that. A job that is here already is not begun
   * again: the broker delivers what was not acknowledged once more. Refused while shutting down.
   */
  async take(job: Job, send: Send): Promise<void> {
    if (this.stopping) throw new Error('the engine is shutting down');
    const key = keyOf(job);
    const here = this.running.get(key);
    if (here) return here.accepted;
    const report = new JobReport(job, this.config.WORKER_ID);
    const controller = new AbortController();
    const accepted = this.turn.then(() => send(report.event('accepted', { stage: 'accepted' })));
    this.running.set(key, { controller, accepted });
    this.turn = accepted
      .then(() => this.work(job, report, controller, send))
      .catch((error: unknown) => this.logger.warn({ task_id: job.task_id, attempt: job.attempt, err: error }))
      .finally(() => this.running.delete(key));
    await accepted;
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Stops the attempt if it is here, now or when it arrives. */
  obey(control: Control): void {
    if (control.type !== 'cancel') return;
    const key = keyOf(control);
    this.canceled.add(key);
    if (this.canceled.size > rememberedCancels) this.canceled.delete(this.canceled.values().next().value!);
    this.running.get(key)?.controller.abort();
  }

  /** Shutting down: what runs is stopped and reported as such, so that another worker takes it at once. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    for (const { controller } of this.running.values()) controller.abort();
    await this.turn;
    this.engine.close();
  }

  private async work(job: Job, report: JobReport, controller: AbortController, send: Send): Promise<void> {
    if (this.canceled.has(keyOf(job))) controller.abort();
    const teller = new ProgressTeller(report, send, job.heartbeat_ms);
    const outcome = await this.engine.run(job, (stage, percent) => teller.tell(stage, percent), controller.signal);
    await teller.close();
    const { type, ...about } = this.ending(outcome);
    await persistently(() => send(report.event(type, { ...about, stage: teller.stage })), this.logger);
    this.logger.log({ task_id: job.task_id, attempt: job.attempt, outcome: type });
  }

  private ending(outcome: JobOutcome): Pick<WorkerEvent, 'type' | 'artifacts' | 'metrics' | 'error'> {
    const isOurs = outcome.type === 'canceled' && this.stopping;
    return isOurs ? { type: 'failed', error: shuttingDown } : outcome;
  }
}

const shuttingDown: WorkerFailure = { code: 'shutdown', message: 'The worker is shutting down', retryable: true };

/** The end of a job must arrive: it is sent until the broker has it or the lease is surely over. */
async function persistently(send: () => Promise<void>, logger: Logger, tries = 20): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      return await send();
    } catch (error) {
      if (count === tries) throw error;
      logger.warn({ err: error, tries: count });
      await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 250 * 2 ** count)));
    }
  }
}

/** Tells the latest progress: a new stage at once, a new percentage now and then, and the same again as a heartbeat. */
class ProgressTeller {
  stage = 'accepted';
  private percent = 0;
  private toldAt = 0;
  private sending: Promise<void> = Promise.resolve();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly report: JobReport,
    private readonly send: Send,
    heartbeatMs: number,
  ) {
    this.heartbeat = setInterval(() => this.say(), heartbeatMs);
  }

  tell(stage: string, percent: number): void {
    const isNew = stage !== this.stage;
    this.stage = stage;
    this.percent = Math.max(this.percent, Math.min(100, percent));
    if (isNew || Date.now() - this.toldAt > progressEveryMs) this.say();
  }

  /** No word of progress comes after this. */
  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.sending;
  }

  private say(): void {
    this.toldAt = Date.now();
    const event = this.report.event('progress', { percent: this.percent, stage: this.stage });
    this.sending = this.sending.then(() => this.send(event)).catch(() => {}); // the next one makes up for a lost one
  }
}
