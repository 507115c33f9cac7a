import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type Attempt,
  type CancelReason,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
} from '#contracts';
import { announce, databaseTime, once } from '#persistence';
import type { AttemptEvent } from '../generations/attempt-failure.js';
import { type Generation, hear, isHeldByAnother, isOver, judge } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { AdoptionService, type Conclusion } from './adoption.service.js';
import { fitToShow } from './worker-words.js';

/**
 * What a worker is to be told about its report. `heard`: go on. `stop`: stop the attempt, for this reason; `stale` when it does not hold
 * it (any more), and `another` when somebody else does, who is to go on.
 */
export type Answer = { type: 'heard' } | { type: 'stop'; reason: CancelReason; stale: boolean; another: boolean };

const heard: Answer = { type: 'heard' };

/** Takes in what workers report, whatever way it came: what counts is announced to the rest of the system. */
@Injectable()
export class WorkerEventsService {
  private readonly logger = new Logger(WorkerEventsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly adoption: AdoptionService,
  ) {}

  /** A repeated report changes nothing and is answered as before. */
  async takeIn(reported: AttemptEvent): Promise<Answer> {
    const event = fitToShow(reported);
    const attempt: Attempt = { task_id: event.task_id, attempt: event.attempt };
    const generation = await this.generations.find(attempt);
    const isNewest = await this.generations.isNewest(attempt);
    if (!generation || judge(generation, event, isNewest) === 'stale') return this.refuse(event, generation, isNewest);
    if (isOver(generation)) return heard;
    const conclusion = await this.conclude(generation, event);
    await once(this.database, event.event_id, (tx) => this.record(tx, event, conclusion));
    const { cancelReason: reason } = generation;
    const goesOn = event.type === 'accepted' || event.type === 'progress';
    return reason && goesOn ? { type: 'stop', reason, stale: false, another: false } : heard;
  }

  private async record(tx: EntityManager, event: AttemptEvent, conclusion: Conclusion | null): Promise<void> {
    const attempt: Attempt = { task_id: event.task_id, attempt: event.attempt };
    const generation = await this.generations.lock(tx, attempt);
    if (!generation || judge(generation, event, true) !== 'heard') return;
    const next = hear(generation, event, await databaseTime(tx));
    const failed = conclusion && 'error' in conclusion;
    await this.generations.save(tx, failed ? { ...next, status: 'failed' } : next);
    if (!conclusion) return this.announceStep(tx, attempt, event, next);
    if ('error' in conclusion) return announce(tx, generationFailed, { ...attempt, error: conclusion.error });
    await announce(tx, generationSucceeded, { ...attempt, ...conclusion });
  }

  private announceStep(
    tx: EntityManager,
    attempt: Attempt,
    event: AttemptEvent,
    { percent }: Generation,
  ): Promise<void> {
    if (event.type === 'accepted') return announce(tx, generationAccepted, attempt);
    if (event.type === 'canceled') return announce(tx, generationCanceled, attempt);
    return announce(tx, generationProgressed, { ...attempt, percent, stage: event.stage ?? null });
  }

  /** How an attempt ended, or null while it goes on (or was stopped). */
  private async conclude(generation: Generation, event: AttemptEvent): Promise<Conclusion | null> {
    if (event.type === 'failed' && event.error) {
      const { code, message, retryable, detail } = event.error;
      this.logger.log({ task_id: event.task_id, attempt: event.attempt, worker_id: event.worker_id, code, detail });
      return { error: { code, message, retryable, stage: event.stage ?? generation.stage } };
    }
    if (event.type !== 'succeeded') return null;
    return this.adoption.adopt(generation, event.artifacts ?? []);
  }

  private refuse(
    { task_id, attempt, worker_id }: AttemptEvent,
    generation: Generation | null,
    isNewest: boolean,
  ): Answer {
    this.logger.log({ task_id, attempt, worker_id, message: 'the report of a stale worker changes nothing' });
    const another = generation !== null && isNewest && isHeldByAnother(generation, worker_id);
    return { type: 'stop', reason: 'stale', stale: true, another };
  }
}
