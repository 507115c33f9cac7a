import { Logger, type OnModuleDestroy } from '@nestjs/common';
import { inSpan, type OpenSpan, withOrigin, withRequest } from '#telemetry';
import type { Control, Job, WorkerEvent, WorkerFailure } from '#worker-contract';
import { EngineConfig } from '../engine.config.js';
import { EngineProcess, overdue, type Progress } from './engine-process.js';
import { JobReport } from './job-report.js';
import type { JobOutcome, Send } from './messages.js';
import { persistently } from './persistently.js';
import { ProgressTeller } from './progress-teller.js';
import { StageSpans } from './stage-spans.js';

/** How many cancels are remembered for jobs that have not arrived yet. */
const rememberedCancels = 1000;
const keyOf = ({ task_id, attempt }: { task_id?: string; attempt?: number }): string => `${task_id}:${attempt}`;

/** Runs one job at a time and reports on it: accepted, progress at least once per heartbeat, and exactly one end. */
export class JobsService implements OnModuleDestroy {
  private readonly logger = new Logger(JobsService.name);
  private readonly canceled = new Set<string>();
  private readonly running = new Map<string, { controller: AbortController; accepted: Promise<void> }>();
  private turn: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly engine: EngineProcess,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Resolves when the job has been accepted with the broker; its work goes on after that. A job that is here already is not begun
   * again: the broker delivers what was not acknowledged once more. Refused while shutting down.
   */
  async take(job: Job, send: Send): Promise<void> {
    if (this.stopping.signal.aborted) throw new Error('the engine is shutting down');
    const key = keyOf(job);
    const here = this.running.get(key);
    if (here) return here.accepted;
    const receivedAt = performance.now();
    const report = new JobReport(job, this.config.WORKER_ID);
    const controller = new AbortController();
    const accepted = this.turn.then(() => send(report.event('accepted', { stage: 'accepted' })));
    this.running.set(key, { controller, accepted });
    this.turn = accepted
      .then(() => inSpanOf(job, (span) => this.work(job, receivedAt, report, controller, send, span)))
      .catch((error: unknown) => this.logger.warn({ task_id: job.task_id, attempt: job.attempt, err: error }))
      .finally(() => this.running.delete(key));
    await accepted;
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Stops the attempt if it is here, now or when it arrives; unless another worker is meant, which has accepted it too. */
  obey(control: Control): void {
    if (control.type !== 'cancel' || (control.v === 2 && control.worker_id !== this.config.WORKER_ID)) return;
    const key = keyOf(control);
    this.canceled.add(key);
    if (this.canceled.size > rememberedCancels) this.canceled.delete(this.canceled.values().next().value!);
    this.running.get(key)?.controller.abort();
  }

  /** Shutting down: what runs is stopped and reported as such, so that another worker takes it at once. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    for (const { controller } of this.running.values()) controller.abort();
    await this.turn;
    this.engine.close();
  }

  /** A job's budget runs while it waits for its turn: what came too late is not begun. */
  private compute(job: Job, receivedAt: number, progress: Progress, signal: AbortSignal): Promise<JobOutcome> {
    const budget_ms = Math.floor(job.budget_ms - (performance.now() - receivedAt));
    if (budget_ms > 0) return this.engine.run({ ...job, budget_ms }, progress, signal);
    return Promise.resolve({ type: 'failed', error: overdue });
  }

  private async work(
    job: Job,
    receivedAt: number,
    report: JobReport,
    controller: AbortController,
    send: Send,
    span: OpenSpan,
  ): Promise<void> {
    if (this.canceled.has(keyOf(job))) controller.abort();
    const teller = new ProgressTeller(report, send, job.heartbeat_ms);
    const stages = new StageSpans();
    const progress: Progress = (stage, percent) => {
      // called by the computing process, outside of any request
      withRequest(span.within, () => stages.enter(stage));
      teller.tell(stage, percent);
    };
    const outcome = await this.compute(job, receivedAt, progress, controller.signal);
    stages.end();
    if (outcome.type === 'failed') span.fail(outcome.error.code);
    await teller.close();
    const { type, ...about } = this.ending(outcome);
    const end = report.event(type, { ...about, stage: teller.stage });
    await persistently(
      () => send(end),
      this.stopping.signal,
      (error, tries) => this.logger.warn({ err: error, tries }),
    );
    this.logger.log({ task_id: job.task_id, attempt: job.attempt, outcome: type });
  }

  private ending(outcome: JobOutcome): Pick<WorkerEvent, 'type' | 'artifacts' | 'metrics' | 'error'> {
    const isOurs = outcome.type === 'canceled' && this.stopping.signal.aborted;
    return isOurs ? { type: 'failed', error: shuttingDown } : outcome;
  }
}

/** Below the span in which the job was sent. */
const inSpanOf = <T>({ task_id, operation, traceparent }: Job, work: (span: OpenSpan) => Promise<T>): Promise<T> =>
  withOrigin({ requestId: null, traceparent: traceparent ?? null }, task_id, () =>
    inSpan(operation, 'consumer', {}, work),
  );

const shuttingDown: WorkerFailure = { code: 'shutdown', message: 'The worker is shutting down', retryable: true };
