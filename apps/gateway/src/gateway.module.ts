import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { BroadcastListener, RpcClient } from '#messaging';
import { HealthController, HealthModule, TelemetryModule } from '#runtime';
import { AccessGuard } from './access/access.guard.js';
import { BearerStrategy } from './access/bearer.strategy.js';
import { CallerCheckService } from './access/caller-check.service.js';
import { Public } from './access/policy.decorator.js';
import { RevocationsService } from './access/revocations.service.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { ProfileController } from './accounts/profile.controller.js';
import { ProfileService } from './accounts/profile.service.js';
import { ApiKeyGrantsService } from './api-keys/api-key-grants.service.js';
import { ApiKeyStrategy } from './api-keys/api-key.strategy.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { DownloadClient } from './files/download.client.js';
import { DownloadsService } from './files/downloads.service.js';
import { FilesController } from './files/files.controller.js';
import { UploadClient } from './uploads/upload.client.js';
import { UploadController } from './uploads/upload.controller.js';
import { UploadsService } from './uploads/uploads.service.js';
import { GatewayConfig } from './gateway.config.js';
import { InternalServer } from './server/internal-server.service.js';
import { KeySetController } from './key-set/key-set.controller.js';
import { KeySetService } from './key-set/key-set.service.js';
import { LogInController } from './sessions/log-in.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RouteTable } from './server/route-table.js';
import { AccountLimitGuard } from './limits/account-limit.guard.js';
import { LimitsService } from './limits/limits.service.js';
import { SharedAllowancesService } from './limits/shared-allowances.service.js';
import { ModelsController } from './models/models.controller.js';
import { SiteController } from './site/site.controller.js';
import { ResultsController } from './results/results.controller.js';
import { ResultsService } from './results/results.service.js';
import { ConversionsController } from './tasks/conversions.controller.js';
import { FormFilesService } from './tasks/form-files.service.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksService } from './tasks/tasks.service.js';
import { TaskEventsController } from './watching/task-events.controller.js';
import { TaskEventsService } from './watching/task-events.service.js';
import { TransfersService } from './transfers/transfers.service.js';
import { WaitsService } from './watching/waits.service.js';
import { WatchesService } from './watching/watches.service.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

// the probes are every process's; only here do they stand beside routes that need a token
Public()(HealthController);

/** The HTTP edge: accounts, files and generations for clients, answered by the services behind the broker. */
@Module({})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    const { RABBITMQ_URL: url, RPC_TIMEOUT_MS: timeoutMs } = config;
    return {
      module: GatewayModule,
      global: true,
      imports: [TelemetryModule.for('gateway', config), health],
      controllers: [
        AccountsController,
        ApiKeysController,
        ConversionsController,
        FilesController,
        KeySetController,
        LogInController,
        ModelsController,
        ProfileController,
        ResultsController,
        SessionsController,
        SiteController,
        TaskEventsController,
        TasksController,
        UploadController,
        WebhooksController,
      ],
      providers: [
        { provide: GatewayConfig, useValue: config },
        { provide: RpcClient, useFactory: () => new RpcClient({ url, name: 'gateway', timeoutMs }) },
        { provide: BroadcastListener, useFactory: () => new BroadcastListener({ url, service: 'gateway' }) },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: AccountLimitGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        ApiKeyGrantsService,
        ApiKeyStrategy,
        BearerStrategy,
        CallerCheckService,
        DownloadClient,
        DownloadsService,
        FormFilesService,
        InternalServer,
        KeySetService,
        LimitsService,
        ProfileService,
        ResultsService,
        RevocationsService,
        RouteTable,
        SharedAllowancesService,
        TaskEventsService,
        TasksService,
        TransfersService,
        UploadClient,
        UploadsService,
        WaitsService,
        WatchesService,
      ],
      exports: [BroadcastListener, DownloadClient, KeySetService, RevocationsService, RpcClient],
    };
  }
}

/**
 * Nothing is answered without the broker, nor before the first look at the keys and revocations; those that are known are good without
 * auth. Without the store no bytes are to be had, and without the broadcasts news is late.
 */
const health = HealthModule.for({
  inject: [RpcClient, KeySetService, RevocationsService, BroadcastListener, DownloadClient],
  needs: (
    rpc: RpcClient,
    keys: KeySetService,
    revocations: RevocationsService,
    facts: BroadcastListener,
    downloads: DownloadClient,
  ) => ({
    vital: { broker: () => rpc.connected, key_set: () => keys.known, revocations: () => revocations.known },
    partial: { broadcasts: () => facts.connected, store: () => !downloads.givenUp },
  }),
});
