import { Injectable, Logger } from '@nestjs/common';
import type { CancelReason } from '#contracts';
import type { Job } from '#worker-contract';
import type { CatalogueModel, TransportSettings } from '../catalogue/catalogue-model.js';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { finishPool } from '../finishing/finishing.js';
import { attemptOf, type Generation, isFinishing } from '../generations/generation.js';
import { AmqpClient } from './amqp/amqp.client.js';
import { CeleryClient } from './celery/celery.client.js';
import { HttpTransport } from './http/http-transport.service.js';
import { inTrace } from './job-trace.js';
import { ServerTransport } from './server/server-transport.service.js';
import type { Transport } from './transport.js';

/** The way to the workers of each model. */
@Injectable()
export class TransportsService {
  private readonly logger = new Logger(TransportsService.name);
  private readonly transports: Readonly<Record<TransportSettings['type'], Transport>>;

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly amqp: AmqpClient,
    http: HttpTransport,
    celery: CeleryClient,
    server: ServerTransport,
  ) {
    this.transports = { amqp, http, celery, server };
  }

  send(model: CatalogueModel, job: Job, lifetimeMs: number): Promise<void> {
    return inTrace(job, async (traced) => {
      await this.of(model).send(model, traced, lifetimeMs);
      this.logger.log({ msg: 'job sent', model: model.offer.id, attempt: job.attempt });
    });
  }

  /** None where the model is there and nobody would finish what it delivers. */
  async countSlots(model: CatalogueModel): Promise<number> {
    const slots = await this.of(model).countSlots(model);
    if (!model.finish || slots === 0) return slots;
    return (await this.amqp.lookAt(finishPool))?.consumers ? slots : 0;
  }

  /** Best effort. What is being finished is with a worker of ours. Of a model that is not in the catalogue any more nobody can be told. */
  async cancel(generation: Generation, reason: CancelReason): Promise<void> {
    const attempt = attemptOf(generation);
    if (generation.model === null || isFinishing(generation)) return this.amqp.tellToStop(attempt, reason);
    const model = this.catalogue.find(generation.model);
    if (model) await this.of(model).cancel(model, attempt, reason);
  }

  private of({ transport: { type } }: CatalogueModel): Transport {
    return this.transports[type];
  }
}
