import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { databaseTime } from '#persistence';
import { metrics } from '#telemetry';
import { WebhookSecretsService } from '../webhook-secrets/webhook-secrets.service.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { afterTry, type Delivery, isGone, type Outcome } from './delivery.js';
import { signedHeaders } from './signed-headers.js';
import { WebhookClient } from './webhook.client.js';

/** One try of a claimed delivery: sign, send, write down what came of it. */
@Injectable()
export class DeliveryAttemptsService {
  private readonly logger = new Logger(DeliveryAttemptsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly deliveries: DeliveriesRepository,
    private readonly secrets: WebhookSecretsService,
    private readonly client: WebhookClient,
  ) {}

  /** A crash on the way leaves the claim, which runs out: the same delivery is then sent again, under the same id. */
  async attempt(delivery: Delivery): Promise<void> {
    const headers = signedHeaders(delivery, await this.secrets.find(delivery.ownerId), delivery.lastAttemptAt!);
    const outcome = await this.client.post(delivery.url, headers, delivery.body);
    await this.record(delivery, outcome);
  }

  private async record(delivery: Delivery, outcome: Outcome): Promise<void> {
    const after = await this.database.transaction(async (tx) => {
      if (isGone(outcome)) await this.deliveries.lockWaiting(tx, delivery);
      const next = afterTry(delivery.attempts, outcome, await databaseTime(tx), Math.random);
      await this.deliveries.record(tx, delivery, next);
      if (isGone(outcome)) await this.deliveries.giveUp(tx, delivery, next.error!);
      return next;
    });
    metrics.webhookDeliveries.inc({ outcome: isGone(outcome) ? 'gone' : after.status });
    const { id, taskId, attempts } = delivery;
    this.logger.log({ delivery_id: id, task_id: taskId, attempts, status: after.status, error: after.error });
  }
}
