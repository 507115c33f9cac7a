import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
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
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly attempts: DeliveryAttemptsService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), tickEveryMs);
  }

  /** Finishes what is on its way: a call has its limit. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.looking;
    await Promise.all(this.sending);
  }

  private wake(): void {
    if (!this.timer || this.looking) return;
    this.looking = this.claimDue()
      .catch((error: unknown) => this.logger.warn({ err: error }))
      .finally(() => {
        this.looking = null;
      });
  }

  private async claimDue(): Promise<void> {
    while (this.timer && this.slots.free) {
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
        this.wake();
      });
    this.sending.add(sent);
  }
}
