import { Injectable } from '@nestjs/common';
import type { Attempt } from '#contracts';
import type { Job } from '#worker-contract';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import { JobsService } from '../../jobs/jobs.service.js';
import type { Transport } from '../transport.js';
import { SightingsService } from './sightings.service.js';

/** The pool in the table of jobs. */
export const httpPool = (pool: string): string => `http:${pool}`;

/** The way to workers that fetch their jobs and report over HTTP: they are told to stop in the answers to their reports. */
@Injectable()
export class HttpTransport implements Transport {
  constructor(
    private readonly jobs: JobsService,
    private readonly sightings: SightingsService,
  ) {}

  send(model: CatalogueModel, job: Job, lifetimeMs: number): Promise<void> {
    return this.jobs.put(httpPool(poolOf(model)), job, lifetimeMs);
  }

  cancel(_model: CatalogueModel, attempt: Attempt): Promise<void> {
    return this.jobs.withdraw(attempt);
  }

  /** Each worker takes one job at a time. */
  countSlots(model: CatalogueModel): Promise<number> {
    return this.sightings.count(poolOf(model));
  }
}

function poolOf({ offer, transport }: CatalogueModel): string {
  if (transport.type !== 'http') throw new Error(`the workers of ${offer.id} do not come over HTTP`);
  return transport.pool;
}
