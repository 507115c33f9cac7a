import { Controller } from '@nestjs/common';
import {
  type AccountId,
  type DeliveryOfOwner,
  findWebhookSecret,
  type ListWebhookDeliveries,
  listWebhookDeliveries,
  redeliverWebhook,
  rotateWebhookSecret,
  type WebhookDeliveryPage,
  type WebhookDeliveryView,
  type WebhookSecretView,
} from '#contracts';
import { Handles } from '#messaging';
import { WebhookSecretsService } from '../webhook-secrets/webhook-secrets.service.js';
import { DeliveriesService } from './deliveries.service.js';

@Controller()
export class WebhooksHandler {
  constructor(
    private readonly secrets: WebhookSecretsService,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Handles(findWebhookSecret)
  findSecret({ account_id }: AccountId): Promise<WebhookSecretView> {
    return this.secrets.find(account_id);
  }

  @Handles(rotateWebhookSecret)
  rotateSecret({ account_id }: AccountId): Promise<WebhookSecretView> {
    return this.secrets.rotate(account_id);
  }

  @Handles(listWebhookDeliveries)
  list(request: ListWebhookDeliveries): Promise<WebhookDeliveryPage> {
    return this.deliveries.list(request);
  }

  @Handles(redeliverWebhook)
  redeliver(request: DeliveryOfOwner): Promise<WebhookDeliveryView> {
    return this.deliveries.redeliver(request);
  }
}
