import { Injectable } from '@nestjs/common';
import {
  type DeliveryOfOwner,
  type ListWebhookDeliveries,
  Problem,
  type WebhookDeliveryPage,
  type WebhookDeliveryView,
} from '#contracts';
import { idFrom, pageOf } from '#persistence';
import { DeliveriesRepository } from './deliveries.repository.js';
import { deliveryView } from './delivery.js';

/** What an account sees of its deliveries, and does with them. */
@Injectable()
export class DeliveriesService {
  constructor(private readonly deliveries: DeliveriesRepository) {}

  async list({ owner_id, status, limit, cursor }: ListWebhookDeliveries): Promise<WebhookDeliveryPage> {
    const found = await this.deliveries.list(owner_id, { status, before: idFrom(cursor), limit: limit + 1 });
    const { items, next_cursor } = pageOf(found, limit, ({ id }) => id);
    return { items: items.map(deliveryView), next_cursor };
  }

  /** Has it tried again now, whatever became of it. Somebody else's is `not_found` like none. */
  async redeliver({ owner_id, delivery_id }: DeliveryOfOwner): Promise<WebhookDeliveryView> {
    const delivery = await this.deliveries.makeDue(delivery_id, owner_id);
    if (!delivery) throw new Problem('not_found', 'No such delivery');
    return deliveryView(delivery);
  }
}
