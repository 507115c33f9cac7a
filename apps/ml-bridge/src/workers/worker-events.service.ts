import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type Attempt,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
} from '#contracts';
import { announce, once } from '#persistence';
import type { WorkerEvent } from '#worker-contract';
import { type Generation, hear, isHeldByAnother, isOver, judge, wholePercent } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { AdoptionService, type Conclusion } from './adoption.service.js';
import { WorkerClient } from './worker.client.js';
import { fitToShow } from './worker-words.js';

/** Takes in what workers report: what counts is announced to the rest of the system, what is stale is answered by a cancel. */
@Injectable()
export class WorkerEventsService {
  private readonly logger = new Logger(WorkerEventsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly adoption: AdoptionService,
    private readonly workers: WorkerClient,
  ) {}

  async takeIn(reported: WorkerEvent): Promise<void> {
    const event = fitToShow(reported);
    const attempt: Attempt = { task_id: event.task_id, attempt: event.attempt };
    const generation = await this.generations.find(attempt);
    const isNewest = await this.generations.isNewest(attempt);
    if (!generation || judge(generation, event, isNewest) === 'stale') return this.refuse(event, generation, isNewest);
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
    const percent = wholePercent(event) ?? 0;
    return announce(tx, generationProgressed, { ...attempt, percent, stage: event.stage ?? null });
  }

  /** How an attempt ended, or null while it goes on (or was stopped). */
  private async conclude(generation: Generation, event: WorkerEvent): Promise<Conclusion | null> {
    if (event.type === 'failed' && event.error) {
      const { code, message, retryable } = event.error;
      return { error: { code, message, retryable, stage: event.stage ?? generation.stage } };
    }
    if (event.type !== 'succeeded') return null;
    return this.adoption.adopt(generation, event.artifacts ?? []);
  }

  /** A worker that does not hold the attempt is told to stop: by its name, when another one is to go on. */
  private async refuse(event: WorkerEvent, generation: Generation | null, isNewest: boolean): Promise<void> {
    const { task_id, attempt, worker_id, type } = event;
    if (type !== 'accepted' && type !== 'progress') return;
    this.logger.log({ task_id, attempt, worker_id, message: 'a stale worker is told to stop' });
    const another = generation && isNewest && isHeldByAnother(generation, worker_id);
    if (another) await this.workers.cancelAt(worker_id, { task_id, attempt }, 'stale');
    else await this.workers.cancel({ task_id, attempt }, 'stale');
  }
}
