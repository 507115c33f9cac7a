import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { RpcClient } from '#messaging';
import { HealthController, HealthModule } from '#runtime';
import { BearerGuard } from './access/bearer.guard.js';
import { BearerStrategy } from './access/bearer.strategy.js';
import { KeySetController } from './access/key-set.controller.js';
import { KeySetService } from './access/key-set.service.js';
import { Public } from './access/public.decorator.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { ProfileService } from './accounts/profile.service.js';
import { DownloadClient } from './files/download.client.js';
import { DownloadsService } from './files/downloads.service.js';
import { FilesController } from './files/files.controller.js';
import { UploadClient } from './uploads/upload.client.js';
import { UploadController } from './uploads/upload.controller.js';
import { UploadsService } from './uploads/uploads.service.js';
import { GatewayConfig } from './gateway.config.js';
import { DrainService } from './server/drain.service.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RouteTable } from './server/route-table.js';
import { AccountLimitGuard } from './limits/account-limit.guard.js';
import { LimitsService } from './limits/limits.service.js';
import { SharedAllowancesService } from './limits/shared-allowances.service.js';
import { ModelsController } from './models/models.controller.js';
import { SiteController } from './site/site.controller.js';
import { ResultsService } from './tasks/results.service.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksService } from './tasks/tasks.service.js';

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
      imports: [health],
      controllers: [
        AccountsController,
        FilesController,
        KeySetController,
        ModelsController,
        SiteController,
        TasksController,
        UploadController,
      ],
      providers: [
        { provide: GatewayConfig, useValue: config },
        { provide: RpcClient, useFactory: () => new RpcClient({ url, name: 'gateway', timeoutMs }) },
        { provide: APP_GUARD, useClass: BearerGuard },
        { provide: APP_GUARD, useClass: AccountLimitGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        BearerStrategy,
        DownloadClient,
        DownloadsService,
        DrainService,
        KeySetService,
        LimitsService,
        ProfileService,
        ResultsService,
        RouteTable,
        SharedAllowancesService,
        TasksService,
        UploadClient,
        UploadsService,
      ],
      exports: [RpcClient, KeySetService, DrainService],
    };
  }
}

/** Ready: the broker is connected, tokens can be verified, and the process is not on its way out. */
const health = HealthModule.for({
  inject: [RpcClient, KeySetService, DrainService],
  dependencies: (rpc: RpcClient, keys: KeySetService, drain: DrainService) => ({
    broker: () => rpc.connected,
    key_set: () => keys.known,
    accepting: () => drain.accepting,
  }),
});
