import { Injectable } from '@nestjs/common';
import type { Attempt, CancelReason } from '#contracts';
import type { Job } from '#worker-contract';
import type { CatalogueModel, TransportSettings } from '../catalogue/catalogue-model.js';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { AmqpClient } from './amqp/amqp.client.js';
import type { Transport } from './transport.js';

/** The way to the workers of each model. */
@Injectable()
export class TransportsService {
  private readonly transports: Partial<Record<TransportSettings['type'], Transport>>;

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly amqp: AmqpClient,
  ) {
    this.transports = { amqp };
  }

  send(model: CatalogueModel, job: Job, lifetimeMs: number): Promise<void> {
    return this.of(model).send(model, job, lifetimeMs);
  }

  countSlots(model: CatalogueModel): Promise<number> {
    return this.of(model).countSlots(model);
  }

  /** Best effort. Of an attempt that names no model only workers on AMQP can be told, of one that is not in the catalogue any more nobody. */
  async cancel(modelId: string | null, attempt: Attempt, reason: CancelReason, workerId?: string): Promise<void> {
    if (modelId === null) return this.amqp.tellToStop(attempt, reason, workerId);
    const model = this.catalogue.find(modelId);
    if (model) await this.of(model).cancel(model, attempt, reason, workerId);
  }

  private of({ transport: { type } }: CatalogueModel): Transport {
    const transport = this.transports[type];
    if (!transport) throw new Error(`there is no transport ${type}`);
    return transport;
  }
}
