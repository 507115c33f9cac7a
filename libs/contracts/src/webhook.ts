import { AccountId } from './account.js';
import { rpc } from './contract.js';
import { Id, ListOf, OneOf, Secret, Text, Time, Url, Whole } from './fields.js';
import { Cursor, PageOf } from './page.js';
import { finalStatuses } from './task.js';

export const webhookTypes = finalStatuses.map((status) => `task.${status}` as const);
export type WebhookType = (typeof webhookTypes)[number];

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What an account's webhooks are signed with (Standard Webhooks). During a rotation both secrets sign. */
export class WebhookSecretView {
  @Secret({ min: 1, max: 128, description: 'whsec_ and the key in Base64' }) secret: string;
  @Secret({ min: 1, max: 128, nullable: true, description: 'The one before, while it still signs' })
  previous_secret: string | null;
  @Time({ nullable: true }) previous_expires_at: string | null;
}

/** One announcement to one address, with how far it came. Its id is the `webhook-id`, the same in every try. */
export class WebhookDeliveryView {
  @Id() id: string;
  @Id() task_id: string;
  @OneOf(webhookTypes) type: WebhookType;
  @Url() url: string;
  @OneOf(deliveryStatuses) status: DeliveryStatus;
  @Whole({ min: 0 }) attempts: number;
  @Whole({ min: 100, max: 599, nullable: true, description: 'Of the last answer' }) response_status: number | null;
  @Text({ max: 500, nullable: true, description: 'Why the last try failed' }) error: string | null;
  @Time() created_at: string;
  @Time({ nullable: true }) last_attempt_at: string | null;
  @Time({ nullable: true, description: 'null when no further try is planned' }) next_attempt_at: string | null;
}

export class ListWebhookDeliveries extends PageOf {
  @Id() owner_id: string;
  @OneOf(deliveryStatuses, { optional: true }) status?: DeliveryStatus;
}

export class WebhookDeliveryPage {
  @ListOf(() => WebhookDeliveryView) items: WebhookDeliveryView[];
  @Cursor({ nullable: true }) next_cursor: string | null;
}

export class DeliveryOfOwner {
  @Id() owner_id: string;
  @Id() delivery_id: string;
}

export const findWebhookSecret = rpc('task', 'webhook.find-secret', AccountId, WebhookSecretView);
export const rotateWebhookSecret = rpc('task', 'webhook.rotate-secret', AccountId, WebhookSecretView);
export const listWebhookDeliveries = rpc('task', 'webhook.list-deliveries', ListWebhookDeliveries, WebhookDeliveryPage);
/** Tries a delivery again now, whatever became of it. */
export const redeliverWebhook = rpc('task', 'webhook.redeliver', DeliveryOfOwner, WebhookDeliveryView);
