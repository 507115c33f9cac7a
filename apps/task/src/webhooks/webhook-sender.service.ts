import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { Delivery } from './delivery.js';
import { DeliveryAttemptsService } from './delivery-attempts.service.js';
import { SendingSlots } from './sending-slots.js';

const tickEveryMs = 1000;

/** Sends what is due, in any number of replicas: the table is the queue, and a claim is one replica's alone. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(WebhookSender.name);
  private readonly slots = new SendingSlots();
  private readonly sending = new Set<Promise<void>>();
  private readonly work = new RecurringWork(WebhookSender.name, tickEveryMs, () => this.claimDue());

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly attempts: DeliveryAttemptsService,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
  }

  /** Finishes what is on its way: a call has its limit. */
  async onModuleDestroy(): Promise<void> {
    await this.work.stop();
    await Promise.all(this.sending);
  }

  private async claimDue(): Promise<void> {
    while (!this.work.stopping && this.slots.free) {
      const delivery = await this.deliveries.claim(this.slots.busy);
      if (!delivery) return;
      this.begin(delivery);
    }
  }

  private begin(delivery: Delivery): void {
    this.slots.take(delivery);
    const sent = this.attempts
      .attempt(delivery)
      .catch((error: unknown) => this.logger.warn({ delivery_id: delivery.id, err: error }))
      .finally(() => {
        this.slots.release(delivery);
        this.sending.delete(sent);
        this.work.wake();
      });
    this.sending.add(sent);
  }
}
