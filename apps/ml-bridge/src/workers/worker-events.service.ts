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
import { afterCommit, announce, databaseTime, once } from '#persistence';
import { inSpan, metrics, withOrigin } from '#telemetry';
import { delivered, handedBack } from '../finishing/finishing.js';
import { FinishingService, newLeaseToken } from '../finishing/finishing.service.js';
import type { AttemptEvent } from '../generations/attempt-failure.js';
import { type Generation, hear, isHeldByAnother, isOver, judge } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { type Conclusion, ConclusionsService } from './conclusions.service.js';
import { fitToShow } from './worker-words.js';

/**
 * What a worker is to be told about its report. `heard`: go on. `stop`: stop the attempt, for this reason; `stale` when it does not hold
 * it (any more), and `another` when somebody else does, who is to go on.
 */
export type Answer = { type: 'heard' } | { type: 'stop'; reason: CancelReason; stale: boolean; another: boolean };

const heard: Answer = { type: 'heard' };
const stale = { type: 'stop', reason: 'stale', stale: true } as const;

/** Takes in what workers report, whatever way it came: what counts is announced to the rest of the system. */
@Injectable()
export class WorkerEventsService {
  private readonly logger = new Logger(WorkerEventsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly conclusions: ConclusionsService,
    private readonly finishing: FinishingService,
  ) {}

  /** A repeated report changes nothing and is answered as before. */
  async takeIn(reported: AttemptEvent): Promise<Answer> {
    const event = fitToShow(reported);
    const attempt = attemptOf(event);
    const generation = await this.generations.find(attempt);
    if (!generation) return this.refuse(event, null, false);
    const name = `worker ${event.type}`;
    const work = (): Promise<Answer> => inSpan(name, 'internal', {}, () => this.hear(event, attempt, generation));
    return withOrigin(generation, attempt.task_id, work);
  }

  private async hear(event: AttemptEvent, attempt: Attempt, generation: Generation): Promise<Answer> {
    const isNewest = await this.generations.isNewest(attempt);
    if (judge(generation, event, isNewest) === 'stale') return this.refuse(event, generation, isNewest);
    const goesOn = event.type === 'accepted' || event.type === 'progress';
    if (isOver(generation)) return goesOn ? { ...stale, another: false } : heard;
    const conclusion = await this.conclusions.conclude(generation, event);
    await once(this.database, event.event_id, (tx) => this.record(tx, event, conclusion));
    if (conclusion?.type === 'delivered' || conclusion?.type === 'handedBack') this.finishing.wake();
    const { cancelReason: reason } = generation;
    return reason && goesOn ? { type: 'stop', reason, stale: false, another: false } : heard;
  }

  private async record(tx: EntityManager, event: AttemptEvent, conclusion: Conclusion | null): Promise<void> {
    const generation = await this.generations.lock(tx, attemptOf(event));
    if (!generation || judge(generation, event, true) !== 'heard') return;
    const now = await databaseTime(tx);
    const next = after(generation, event, conclusion, now);
    await this.generations.save(tx, next);
    await announceEnd(tx, event, next, conclusion);
    const { gpu_seconds: gpuSeconds = 0 } = event.metrics ?? {};
    if (gpuSeconds > 0) afterCommit(tx, () => metrics.gpuSeconds.inc({ model: next.model ?? 'none' }, gpuSeconds));
  }

  private refuse(
    { task_id, attempt, worker_id }: AttemptEvent,
    generation: Generation | null,
    isNewest: boolean,
  ): Answer {
    this.logger.log({ task_id, attempt, worker_id, message: 'the report of a stale worker changes nothing' });
    const another = generation !== null && isNewest && isHeldByAnother(generation, worker_id);
    return { ...stale, another };
  }
}

const attemptOf = ({ task_id, attempt }: AttemptEvent): Attempt => ({ task_id, attempt });

function after(generation: Generation, event: AttemptEvent, conclusion: Conclusion | null, now: Date): Generation {
  const next = hear(generation, event, now);
  if (conclusion?.type === 'failed') return { ...next, status: 'failed' };
  if (conclusion?.type === 'delivered') return delivered(next, conclusion.raw, newLeaseToken(), now);
  if (conclusion?.type === 'handedBack') return handedBack(next, newLeaseToken(), now);
  return next;
}

function announceEnd(
  tx: EntityManager,
  event: AttemptEvent,
  { percent, stage }: Generation,
  conclusion: Conclusion | null,
): Promise<void> {
  const attempt = attemptOf(event);
  if (conclusion?.type === 'failed') return announce(tx, generationFailed, { ...attempt, error: conclusion.error });
  if (conclusion?.type === 'succeeded') {
    const { artifacts, quality_report } = conclusion;
    return announce(tx, generationSucceeded, { ...attempt, artifacts, quality_report });
  }
  if (event.type === 'accepted') return announce(tx, generationAccepted, attempt);
  if (event.type === 'canceled') return announce(tx, generationCanceled, attempt);
  return announce(tx, generationProgressed, { ...attempt, percent, stage });
}
