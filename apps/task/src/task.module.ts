import { type DynamicModule, Module } from '@nestjs/common';
import { RpcClient } from '#messaging';
import { accountEraser, ErasureHandler, PersistenceModule } from '#persistence';
import { HealthModule, TelemetryModule } from '#runtime';
import { ConversionsService } from './conversions/conversions.service.js';
import { Dispatcher } from './dispatch/dispatcher.service.js';
import { GenerationsHandler } from './dispatch/generations.handler.js';
import { GenerationsService } from './dispatch/generations.service.js';
import { HandOutService } from './dispatch/hand-out.service.js';
import { SweepsService } from './dispatch/sweeps.service.js';
import { ErasureService } from './erasure/erasure.service.js';
import { FailoverService } from './failover/failover.service.js';
import { StrandedRepository } from './failover/stranded.repository.js';
import { StrandedService } from './failover/stranded.service.js';
import { HistoryService } from './history/history.service.js';
import { TaskEventsRepository } from './history/task-events.repository.js';
import { IdempotencyKeysRepository } from './idempotency/idempotency-keys.repository.js';
import { IdempotencyService } from './idempotency/idempotency.service.js';
import { InputFilesService } from './inputs/input-files.service.js';
import { ModelsHandler } from './models/models.handler.js';
import { ModelsRepository } from './models/models.repository.js';
import { ModelsService } from './models/models.service.js';
import { RequestResolver } from './models/request-resolver.service.js';
import { EtaService } from './queue/eta.service.js';
import { ExecutionTimesRepository } from './queue/execution-times.repository.js';
import { QueueStatesRepository } from './queue/queue-states.repository.js';
import { QueueTidier } from './queue/queue-tidier.service.js';
import { QueueMetrics } from './queue/queue-metrics.service.js';
import { QueueRepository } from './queue/queue.repository.js';
import { QueueService } from './queue/queue.service.js';
import { ExpiryService } from './retention/expiry.service.js';
import { RetentionService } from './retention/retention.service.js';
import { TaskConfig } from './task.config.js';
import { taskDatabase } from './task.database.js';
import { TaskChangesService } from './tasks/task-changes.service.js';
import { TaskCreationService } from './tasks/task-creation.service.js';
import { TaskIntakeService } from './tasks/task-intake.service.js';
import { TaskViewsService } from './tasks/task-views.service.js';
import { TasksHandler } from './tasks/tasks.handler.js';
import { TasksRepository } from './tasks/tasks.repository.js';
import { TasksService } from './tasks/tasks.service.js';
import { WebhookSecretsRepository } from './webhook-secrets/webhook-secrets.repository.js';
import { WebhookSecretsService } from './webhook-secrets/webhook-secrets.service.js';
import { AddressGuard } from './webhooks/address-guard.js';
import { DeliveriesRepository } from './webhooks/deliveries.repository.js';
import { DeliveriesService } from './webhooks/deliveries.service.js';
import { DeliveryAttemptsService } from './webhooks/delivery-attempts.service.js';
import { WebhookClient } from './webhooks/webhook.client.js';
import { WebhookScheduler } from './webhooks/webhook-scheduler.service.js';
import { WebhookSender } from './webhooks/webhook-sender.service.js';
import { WebhooksHandler } from './webhooks/webhooks.handler.js';

@Module({})
export class TaskModule {
  static with(config: TaskConfig): DynamicModule {
    const { RABBITMQ_URL: url, RPC_TIMEOUT_MS: timeoutMs } = config;
    return {
      module: TaskModule,
      imports: [
        TelemetryModule.for('task', config),
        PersistenceModule.for({ service: 'task', rabbitmqUrl: url, database: taskDatabase(config) }),
        HealthModule.forService(),
      ],
      controllers: [TasksHandler, ModelsHandler, GenerationsHandler, ErasureHandler, WebhooksHandler],
      providers: [
        { provide: TaskConfig, useValue: config },
        { provide: RpcClient, useFactory: () => new RpcClient({ url, name: 'task', timeoutMs }) },
        { provide: AddressGuard, useFactory: () => new AddressGuard(config.WEBHOOK_ALLOWED_NETWORKS) },
        {
          provide: WebhookClient,
          inject: [AddressGuard],
          useFactory: (guard: AddressGuard) => new WebhookClient(guard),
        },
        accountEraser('task', ErasureService),
        ConversionsService,
        Dispatcher,
        ErasureService,
        EtaService,
        ExecutionTimesRepository,
        ExpiryService,
        FailoverService,
        GenerationsService,
        HandOutService,
        HistoryService,
        IdempotencyKeysRepository,
        IdempotencyService,
        InputFilesService,
        ModelsRepository,
        ModelsService,
        QueueMetrics,
        QueueRepository,
        QueueService,
        QueueStatesRepository,
        QueueTidier,
        RequestResolver,
        RetentionService,
        StrandedRepository,
        StrandedService,
        SweepsService,
        TaskChangesService,
        TaskCreationService,
        TaskEventsRepository,
        TaskIntakeService,
        TaskViewsService,
        TasksRepository,
        TasksService,
        DeliveriesRepository,
        DeliveriesService,
        DeliveryAttemptsService,
        WebhookScheduler,
        WebhookSender,
        WebhookSecretsRepository,
        WebhookSecretsService,
      ],
    };
  }
}
