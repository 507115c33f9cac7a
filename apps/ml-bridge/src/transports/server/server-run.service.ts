import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { CatalogueModel, ServerSettings } from '../../catalogue/catalogue-model.js';
import type { EngineAdapter } from '../../engines/engine-adapter.js';
import { type AttemptEvent, type AttemptFailure, EngineFailure, failureOf } from '../../generations/attempt-failure.js';
import type { GenerationsRepository } from '../../generations/generations.repository.js';
import type { HeldJob } from '../../jobs/held-job.js';
import type { JobsRepository } from '../../jobs/jobs.repository.js';
import type { Answer, WorkerEventsService } from '../../workers/worker-events.service.js';
import type { ArtifactReport, Job } from '#worker-contract';
import type { DeliveriesService } from './deliveries.service.js';
import { RunWords } from './run-words.js';
import { serverWorkerId } from './server-pool.js';

/** The stage in which the bridge takes the model over from the server. */
const deliverStage = 'deliver';
/** An adapter whose signal has aborted has so long to come back. */
const settleMs = 3000;
const stopWithinMs = 5000;
const againAfterMs = 1000;
const mostTries = 30;
const longestTimerMs = 2 ** 31 - 1;

/**
 * Why a run ends before its model is there. `leaving`: the bridge stops, and another process goes on. `taken`: one already does.
 * `unwanted`: somebody else said how the attempt ended, or it is forgotten. `overdue`: its time is over.
 */
export type Ending = 'leaving' | 'taken' | 'unwanted' | 'canceled' | 'overdue';

/** After these the server may still be at it. */
const mayGoOn = new Set<AttemptFailure['code']>([
  'internal',
  'engine_unavailable',
  'worker_timeout',
  'input_unavailable',
]);

export interface RunParts {
  events: WorkerEventsService;
  generations: GenerationsRepository;
  jobs: JobsRepository;
  deliveries: DeliveriesService;
  adapterOf: (server: ServerSettings) => EngineAdapter;
  heartbeatMs: number;
  /** Of this process, in the table of jobs. */
  holder: string;
}

/** Drives one attempt on a server from its job to its end, and speaks for it as its worker. It has begun when it is made. */
export class ServerRun {
  /** Rejects when the end could not be written down: the job is still held. */
  readonly finished: Promise<void>;
  private readonly logger = new Logger(ServerRun.name);
  private readonly controller = new AbortController();
  private readonly job: Job;
  private ending: Ending | null = null;
  private leaving = false;
  private isOver = false;
  private remote: unknown;
  private words: RunWords | null = null;

  constructor(
    private readonly parts: RunParts,
    private readonly model: CatalogueModel,
    held: HeldJob,
  ) {
    this.job = held.job;
    this.remote = held.remote;
    this.finished = this.perform();
  }

  /** The first reason counts. */
  end(ending: Ending): void {
    this.leaving ||= ending === 'leaving';
    this.ending ??= ending;
    this.controller.abort(new Error(`the run ends: ${ending}`));
  }

  private async perform(): Promise<void> {
    const overdue = setTimeout(() => this.end('overdue'), Math.min(this.job.budget_ms, longestTimerMs));
    try {
      await this.begin();
      const artifact = await this.untilEnded(this.make());
      await this.say('succeeded', { artifacts: [artifact] });
      await this.parts.jobs.remove(this.job);
    } catch (error) {
      await this.conclude(error);
    } finally {
      clearTimeout(overdue);
      this.isOver = true;
    }
  }

  /** The words of an attempt that another process began go on where its ended. */
  private async begin(): Promise<void> {
    const { signal } = this.controller;
    const generation = await this.parts.generations.find(this.job);
    if (!generation) this.end('unwanted');
    signal.throwIfAborted();
    const { model, parts } = this;
    const options = {
      workerId: serverWorkerId(model.offer.id),
      stages: model.stages,
      heartbeatMs: parts.heartbeatMs,
    };
    this.words = new RunWords(this.job, options, generation!);
    if (generation!.workerId === null) await this.say('accepted');
    else await this.say('progress', { percent: 0 });
    signal.throwIfAborted();
  }

  private async make(): Promise<ArtifactReport> {
    const output = this.job.outputs.find(({ format }) => format === 'glb');
    if (!output) throw new EngineFailure('unsupported', 'the job asks for no GLB');
    const { signal } = this.controller;
    const { glb } = await this.adapter().run({
      job: this.job,
      remote: this.remote,
      signal,
      read: (input) => this.parts.deliveries.read(input, signal),
      remember: (remote) => this.remember(remote),
      report: (stage, fraction) => this.report(stage, fraction),
    });
    return this.parts.deliveries.deliver(glb, output, signal, () => void this.report(deliverStage));
  }

  private adapter(): EngineAdapter {
    const { transport } = this.model;
    if (transport.type !== 'server') throw new Error(`${this.model.offer.id} has no server`);
    return this.parts.adapterOf(transport);
  }

  /** What is not said now is said with the next report. */
  private async report(stage: string, fraction?: number): Promise<void> {
    const event = this.ending ? null : this.words?.progress(stage, fraction, performance.now());
    if (!event) return;
    try {
      this.obey(await this.parts.events.takeIn(event));
    } catch (error) {
      this.logger.warn({ task_id: this.job.task_id, err: error });
    }
  }

  private obey(answer: Answer): void {
    if (answer.type === 'stop') this.end(answer.stale ? 'unwanted' : 'canceled');
  }

  /** What has to be heard is said until it is, or until another process says it. */
  private async say(type: AttemptEvent['type'], about: Partial<AttemptEvent> = {}): Promise<void> {
    const event = this.words!.event(type, about);
    await this.persistently(async () => this.obey(await this.parts.events.takeIn(event)));
  }

  private async remember(remote: unknown): Promise<void> {
    this.remote = remote;
    if (this.isOver && !this.isElsewhere) return this.stopServer();
    await this.persistently(async () => {
      await this.parts.jobs.remember(this.job, this.parts.holder, remote);
    });
  }

  private get isElsewhere(): boolean {
    return this.leaving || this.ending === 'taken';
  }

  private async persistently(work: () => Promise<void>): Promise<void> {
    for (let count = 1; ; count++) {
      try {
        return await work();
      } catch (error) {
        if (this.isElsewhere || count === mostTries) throw error;
        this.logger.warn({ task_id: this.job.task_id, err: error });
        await delay(againAfterMs);
      }
    }
  }

  /** An adapter that does not heed its signal is left alone. */
  private async untilEnded<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.controller;
    let timer: NodeJS.Timeout | undefined;
    let wait = (): void => {};
    const cut = new Promise<never>((_, reject) => {
      wait = () => (timer = setTimeout(() => reject(signal.reason as Error), settleMs));
    });
    if (signal.aborted) wait();
    signal.addEventListener('abort', wait);
    try {
      return await Promise.race([work, cut]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', wait);
    }
  }

  private async conclude(error: unknown): Promise<void> {
    if (this.ending === 'taken') return;
    if (this.ending === 'leaving' || (!this.words && this.ending !== 'unwanted')) {
      return this.parts.jobs.giveBack(this.job, this.parts.holder);
    }
    const failure = this.ending === null ? this.failureFrom(error) : failureOf('deadline_exceeded');
    if (this.ending !== null || mayGoOn.has(failure.code)) await this.stopServer();
    if (this.ending === 'canceled') await this.say('canceled');
    else if (this.ending !== 'unwanted') await this.say('failed', { error: failure });
    await this.parts.jobs.remove(this.job);
  }

  private failureFrom(error: unknown): AttemptFailure {
    if (error instanceof EngineFailure) return error.failure;
    this.logger.error(error);
    return failureOf('internal', String(error));
  }

  private async stopServer(): Promise<void> {
    const { remote } = this;
    if (remote === null || remote === undefined) return;
    try {
      const signal = AbortSignal.timeout(stopWithinMs);
      const late = delay(stopWithinMs, undefined, { ref: false }).then(() => {
        throw new Error(`the server did not stop within ${stopWithinMs} ms`);
      });
      await Promise.race([this.adapter().stop(remote, signal), late]);
    } catch (error) {
      this.logger.warn({ task_id: this.job.task_id, err: error });
    }
  }
}
