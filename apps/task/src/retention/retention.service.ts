import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { IdempotencyService } from '../idempotency/idempotency.service.js';
import { DeliveriesRepository } from '../webhooks/deliveries.repository.js';
import { ExpiryService } from './expiry.service.js';

const sweepEveryMs = 3_600_000;
/** Few enough that nobody waits noticeably for the transaction that removes them. */
const portion = 100;

/**
 * Removes tasks whose time is over, old keys of requests and old deliveries of webhooks, at the start and every hour; several replicas
 * do no harm.
 */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RetentionService.name);
  private readonly work = new RecurringWork(RetentionService.name, sweepEveryMs, () => this.sweep());

  constructor(
    private readonly expiry: ExpiryService,
    private readonly idempotency: IdempotencyService,
    private readonly deliveries: DeliveriesRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  /** Finishes the portion at hand; the rest is left for the next start. */
  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  /** Removes all whose time is over, portion by portion. */
  private async sweep(): Promise<void> {
    const tasks = await this.portions(() => this.expiry.removeSome(portion));
    const keys = await this.portions(() => this.idempotency.forgetSome(portion));
    const deliveries = await this.portions(() => this.deliveries.removeOld(portion));
    if (tasks + keys + deliveries > 0) this.logger.log({ msg: 'what was too old is removed', tasks, keys, deliveries });
  }

  private async portions(removeSome: () => Promise<number>): Promise<number> {
    let sum = 0;
    for (let removed = portion; removed >= portion && !this.work.stopping; sum += removed) removed = await removeSome();
    return sum;
  }
}
