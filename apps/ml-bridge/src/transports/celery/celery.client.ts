import { Injectable } from '@nestjs/common';
import type { Attempt } from '#contracts';
import { NotPublished } from '#messaging';
import type { Job } from '#worker-contract';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import type { Transport } from '../transport.js';
import { CeleryBrokersService, celerySettingsOf } from './celery-brokers.service.js';
import { revoke } from './messages/celery-control.js';
import { taskIdOf, taskMessage } from './messages/celery-task.js';

/** Hands jobs to Celery workers as tasks, revokes them, and knows from the workers themselves how many there are. */
@Injectable()
export class CeleryClient implements Transport {
  constructor(private readonly brokers: CeleryBrokersService) {}

  async send(model: CatalogueModel, job: Job, lifetimeMs: number): Promise<void> {
    const settings = celerySettingsOf(model);
    const line = this.brokers.lineOf(settings);
    if (!line?.broker.reachable) throw new NotPublished(`the broker of ${model.offer.id} cannot be reached`);
    await line.broker.send(taskMessage(settings, job, lifetimeMs, new Date()));
  }

  /** A worker that is not reached now, or is restarted, is told again when it next reports. */
  async cancel(model: CatalogueModel, attempt: Attempt): Promise<void> {
    const line = this.brokers.lineOf(celerySettingsOf(model));
    if (line?.broker.reachable) await line.broker.tell(revoke(taskIdOf(attempt)));
  }

  async countSlots(model: CatalogueModel): Promise<number> {
    const settings = celerySettingsOf(model);
    const line = this.brokers.lineOf(settings);
    if (!line?.broker.reachable) return 0;
    const slots = line.workers.slotsOf(settings.queue);
    const isDeserted = slots > 0 && (await line.broker.look(settings.queue))?.consumers === 0;
    return isDeserted ? 0 : slots;
  }
}
