import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '#persistence';
import { CreateTasks1763856000000 } from '../migrations/1763856000000-create-tasks.js';
import { AddRequestIdToTasks1795478400000 } from '../migrations/1795478400000-add-request-id-to-tasks.js';
import { CreateErasedAccounts1795500000004 } from '../migrations/1795500000004-create-erased-accounts.js';
import { CreateTaskEvents1795600000001 } from '../migrations/1795600000001-create-task-events.js';
import { AddOutboxEnvelope1795600000008 } from '../migrations/1795600000008-add-outbox-envelope.js';
import { CreateIdempotencyKeys1795600000003 } from '../migrations/1795600000003-create-idempotency-keys.js';
import { CreateWebhookDeliveries1795600000004 } from '../migrations/1795600000004-create-webhook-deliveries.js';
import { CreateQueue1795600000002 } from '../migrations/1795600000002-create-queue.js';
import { AddMeshToTasks1795700000005 } from '../migrations/1795700000005-add-mesh-to-tasks.js';
import { AddCandidatesToTasks1795700000020 } from '../migrations/1795700000020-add-candidates-to-tasks.js';
import { AddOutboxTrace1795800000002 } from '../migrations/1795800000002-add-outbox-trace.js';
import { AddTraceToTasks1795800000005 } from '../migrations/1795800000005-add-trace-to-tasks.js';
import { TaskEventEntity } from './history/task-event.entity.js';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity.js';
import { ModelEntity } from './models/model.entity.js';
import type { TaskConfig } from './task.config.js';
import { TaskEntity } from './tasks/task.entity.js';
import { SecretGenerationEntity } from './webhook-secrets/secret-generation.entity.js';
import { DeliveryEntity } from './webhooks/delivery.entity.js';

export const taskDatabase = (config: TaskConfig): DataSourceOptions =>
  databaseOptions({
    url: config.DATABASE_URL,
    schema: 'task',
    poolSize: config.DATABASE_POOL_SIZE,
    entities: [TaskEntity, TaskEventEntity, IdempotencyKeyEntity, ModelEntity, SecretGenerationEntity, DeliveryEntity],
    migrations: [
      CreateTasks1763856000000,
      AddRequestIdToTasks1795478400000,
      CreateErasedAccounts1795500000004,
      CreateTaskEvents1795600000001,
      CreateQueue1795600000002,
      CreateWebhookDeliveries1795600000004,
      CreateIdempotencyKeys1795600000003,
      AddOutboxEnvelope1795600000008,
      AddMeshToTasks1795700000005,
      AddCandidatesToTasks1795700000020,
      AddOutboxTrace1795800000002,
      AddTraceToTasks1795800000005,
    ],
  });
