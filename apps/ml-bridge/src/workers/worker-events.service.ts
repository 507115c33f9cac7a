import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  adoptArtifacts,
  type AdoptedArtifact,
  type Attempt,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  Problem,
  type TaskError,
} from '#contracts';
import { RpcClient } from '#messaging';
import { announce, once } from '#persistence';
import type { ArtifactReport, WorkerEvent } from '#worker-contract';
import { type Generation, hear, isOver, judge } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { WorkerClient } from './worker.client.js';
import { faultOfReport, fitToShow, reportOf } from './worker-words.js';

const adoptTimeoutMs = 60_000;

/** Takes in what workers report: what counts is announced to the rest of the system, what is stale is answered by a cancel. */
@Injectable()
export class WorkerEventsService {
  private readonly logger = new Logger(WorkerEventsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly rpc: RpcClient,
    private readonly workers: WorkerClient,
  ) {}

  async takeIn(reported: WorkerEvent): Promise<void> {
    const event = fitToShow(reported);
    const attempt: Attempt = { task_id: event.task_id, attempt: event.attempt };
    const generation = await this.generations.find(attempt);
    if (!generation || judge(generation, event, await this.generations.isNewest(attempt)) === 'stale') {
      return this.refuse(event, generation);
    }
    if (isOver(generation)) return;
    const conclusion = await this.conclude(generation, event);
    await once(this.database, event.event_id, (tx) => this.record(tx, event, conclusion));
    if (generation.cancelReason && !isOver(hear(generation, event))) {
      await this.workers.cancel(attempt, generation.cancelReason);
    }
  }

  private async record(tx: EntityManager, event: WorkerEvent, conclusion: Conclusion | null): Promise<void> {
    const attempt: Attempt = { task_id: event.task_id, attempt: event.attempt };
    const generation = await this.generations.lock(tx, attempt);
    if (!generation || judge(generation, event, true) !== 'heard') return;
    const status = conclusion && 'error' in conclusion ? 'failed' : hear(generation, event).status;
    await this.generations.save(tx, { ...hear(generation, event), status });
    if (!conclusion) return this.announceStep(tx, attempt, event);
    if ('error' in conclusion) return announce(tx, generationFailed, { ...attempt, error: conclusion.error });
    await announce(tx, generationSucceeded, { ...attempt, ...conclusion });
  }

  private announceStep(tx: EntityManager, attempt: Attempt, event: WorkerEvent): Promise<void> {
    if (event.type === 'accepted') return announce(tx, generationAccepted, attempt);
    if (event.type === 'canceled') return announce(tx, generationCanceled, attempt);
    // a worker may report a fraction; a task shows whole percents
    const percent = Math.floor(event.percent ?? 0);
    return announce(tx, generationProgressed, { ...attempt, percent, stage: event.stage ?? null });
  }

  /** How an attempt ended, or null while it goes on (or was stopped). */
  private async conclude(generation: Generation, event: WorkerEvent): Promise<Conclusion | null> {
    if (event.type === 'failed' && event.error) {
      const { code, message, retryable } = event.error;
      return { error: { code, message, retryable, stage: event.stage ?? generation.stage } };
    }
    if (event.type !== 'succeeded') return null;
    return this.adopt(generation, event.artifacts ?? []);
  }

  /** Success counts only when every promised artifact is there with its size and hash. */
  private async adopt(
    { outputs, taskId, attempt, ownerId, stage }: Generation,
    reported: ArtifactReport[],
  ): Promise<Conclusion> {
    const missing = outputs.filter(
      ({ name, format }) => !reported.some((it) => it.name === name && it.format === format),
    );
    if (missing.length > 0) return rejected(`missing: ${missing.map(({ name }) => name).join(', ')}`, stage);
    const report = reportOf(reported);
    const fault = faultOfReport(report);
    if (fault) return rejected(fault, stage);
    const promised = reported.filter((it) =>
      outputs.some(({ name, format }) => it.name === name && it.format === format),
    );
    const artifacts = promised.map(({ name, format, bytes, sha256 }) => ({ name, format, bytes, sha256 }));
    try {
      const request = { owner_id: ownerId, task_id: taskId, attempt, artifacts };
      const adopted = await this.rpc.call(adoptArtifacts, request, adoptTimeoutMs);
      return { artifacts: adopted.artifacts, quality_report: report };
    } catch (error) {
      if (error instanceof Problem && error.code === 'output_rejected') return rejected(error.message, stage);
      if (error instanceof Problem && error.code === 'not_found') return ownerless(stage);
      throw error;
    }
  }

  private async refuse(event: WorkerEvent, generation: Generation | null): Promise<void> {
    this.logger.log({
      task_id: event.task_id,
      attempt: event.attempt,
      worker_id: event.worker_id,
      message: 'a stale worker is told to stop',
    });
    const holdsTheAttempt = generation?.workerId === event.worker_id || !generation?.workerId;
    const asks = event.type === 'accepted' || event.type === 'progress';
    // a cancel names only the attempt: it must not hit the worker that rightly has it
    if (asks && (holdsTheAttempt || !generation || isOver(generation))) {
      await this.workers.cancel({ task_id: event.task_id, attempt: event.attempt }, 'stale');
    }
  }
}

type Conclusion =
  | { error: TaskError }
  | { artifacts: AdoptedArtifact[]; quality_report: Record<string, unknown> | null };

/** The account was erased: nobody is left to try it again for. */
const ownerless = (stage: string | null): Conclusion => ({
  error: { code: 'not_found', message: 'The account was erased', retryable: false, stage },
});

const rejected = (message: string, stage: string | null): Conclusion => ({
  error: { code: 'output_rejected', message, retryable: true, stage },
});
