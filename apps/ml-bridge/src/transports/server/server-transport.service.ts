import { Injectable } from '@nestjs/common';
import type { Attempt } from '#contracts';
import type { Job } from '#worker-contract';
import type { CatalogueModel, ServerSettings } from '../../catalogue/catalogue-model.js';
import { JobsBell } from '../../jobs/jobs-bell.service.js';
import { JobsService } from '../../jobs/jobs.service.js';
import type { Transport } from '../transport.js';
import { ReadinessService } from './readiness.service.js';
import { serverPool } from './server-pool.js';

/** The way to servers of other people, each of which some process of the bridge drives itself. */
@Injectable()
export class ServerTransport implements Transport {
  constructor(
    private readonly jobs: JobsService,
    private readonly bell: JobsBell,
    private readonly readiness: ReadinessService,
  ) {}

  send({ offer }: CatalogueModel, job: Job, lifetimeMs: number): Promise<void> {
    return this.jobs.put(serverPool(offer.id), job, lifetimeMs);
  }

  /** What runs already is found to be unwanted: at once in this process, within a second in another one. */
  async cancel({ offer }: CatalogueModel, attempt: Attempt): Promise<void> {
    await this.jobs.withdraw(attempt);
    this.bell.ring(serverPool(offer.id));
  }

  async countSlots(model: CatalogueModel): Promise<number> {
    return (await this.readiness.isReady(model.offer.id, serverOf(model))) ? (model.slots ?? 1) : 0;
  }
}

function serverOf({ offer, transport }: CatalogueModel): ServerSettings {
  if (transport.type !== 'server') throw new Error(`${offer.id} has no server`);
  return transport;
}
