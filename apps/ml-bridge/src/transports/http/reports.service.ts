import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CancelReason } from '#contracts';
import { wasHandled } from '#persistence';
import { ContractViolation, parseWorkerEvent, type WorkerEvent } from '#worker-contract';
import { CatalogueService } from '../../catalogue/catalogue.service.js';
import { type Generation, isOver } from '../../generations/generation.js';
import { GenerationsRepository } from '../../generations/generations.repository.js';
import { JobsRepository } from '../../jobs/jobs.repository.js';
import { type Answer, WorkerEventsService } from '../../workers/worker-events.service.js';
import { SightingsService } from './sightings.service.js';
import { WorkerProblem } from './worker-problem.js';

/** What a worker reads in the answer to its report. */
export type ReportAnswer = { ok: true } | { cancel: CancelReason };

/** Takes in what workers report over HTTP. */
@Injectable()
export class ReportsService {
  /** Reports that are being taken in: one that is repeated meanwhile is not taken in twice. */
  private readonly underWay = new Map<string, Promise<Answer>>();

  constructor(
    private readonly database: DataSource,
    private readonly events: WorkerEventsService,
    private readonly generations: GenerationsRepository,
    private readonly catalogue: CatalogueService,
    private readonly jobs: JobsRepository,
    private readonly sightings: SightingsService,
  ) {}

  /** Throws a WorkerProblem when it is no event, of another pool than the token, or of a worker that does not hold its attempt. */
  async report(pool: string, body: Buffer): Promise<ReportAnswer> {
    const event = eventIn(body);
    const generation = await this.generations.find(event);
    this.mustBeOf(pool, generation);
    await this.sightings.saw(pool, event.worker_id);
    const answer = await this.takenIn(event);
    if (await this.isStale(event, answer, generation)) throw new WorkerProblem('stale');
    await this.jobs.remove(event);
    return answer.type === 'stop' && !answer.stale ? { cancel: answer.reason } : { ok: true };
  }

  /** A last word is answered as it was the first time: with what it said another worker may have been handed the rest. */
  private async isStale({ type, event_id }: WorkerEvent, answer: Answer, before: Generation | null): Promise<boolean> {
    const goesOn = type === 'accepted' || type === 'progress';
    if (answer.type === 'heard') return goesOn && before !== null && isOver(before);
    return answer.stale && (goesOn || !(await wasHandled(this.database, event_id)));
  }

  private takenIn(event: WorkerEvent): Promise<Answer> {
    const name = JSON.stringify(event);
    const earlier = this.underWay.get(name);
    if (earlier) return earlier;
    const taking = this.events.takeIn(event).finally(() => this.underWay.delete(name));
    this.underWay.set(name, taking);
    return taking;
  }

  /** Of a model that is not in the catalogue any more the attempt's own secret has to be enough. */
  private mustBeOf(pool: string, generation: Generation | null): void {
    const transport = this.catalogue.find(generation?.model ?? null)?.transport;
    if (transport && (transport.type !== 'http' || transport.pool !== pool)) throw new WorkerProblem('wrong_pool');
  }
}

function eventIn(body: Buffer): WorkerEvent {
  try {
    return parseWorkerEvent(body);
  } catch (error) {
    if (!(error instanceof ContractViolation)) throw error;
    const [, pointer, message] = /^(\/\S*) (.+)$/s.exec(error.message) ?? [];
    if (pointer === undefined) throw new WorkerProblem('malformed_request', 'The body is not JSON');
    throw new WorkerProblem('invalid_parameters', 'The body is not an event (ml-event.v1)', [
      { pointer: pointer === '/' ? '' : pointer, message: message ?? '' },
    ]);
  }
}
