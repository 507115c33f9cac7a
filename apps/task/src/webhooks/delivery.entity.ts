import { EntitySchema } from 'typeorm';
import type { Delivery } from './delivery.js';

export const DeliveryEntity = new EntitySchema<Delivery>({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  columns: {
    id: { type: 'uuid', primary: true },
    ownerId: { type: 'uuid', name: 'owner_id' },
    taskId: { type: 'uuid', name: 'task_id' },
    type: { type: 'text' },
    url: { type: 'text' },
    host: { type: 'text' },
    body: { type: 'text' },
    status: { type: 'text' },
    attempts: { type: 'integer' },
    responseStatus: { type: 'smallint', name: 'response_status', nullable: true },
    error: { type: 'text', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    lastAttemptAt: { type: 'timestamptz', name: 'last_attempt_at', nullable: true },
    nextAttemptAt: { type: 'timestamptz', name: 'next_attempt_at', nullable: true },
  },
});
