import { type DynamicModule, Module } from '@nestjs/common';
import { RpcClient } from '#messaging';
import { accountEraser, ErasureHandler, PersistenceModule } from '#persistence';
import { HealthModule, TelemetryModule } from '#runtime';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { OffersService } from './catalogue/offers.service.js';
import { EnginesService } from './engines/engines.service.js';
import { ErasureService } from './erasure/erasure.service.js';
import { FinishingService } from './finishing/finishing.service.js';
import { GenerationsHandler } from './generations/generations.handler.js';
import { GenerationsRepository } from './generations/generations.repository.js';
import { GenerationsService } from './generations/generations.service.js';
import { JobsBell } from './jobs/jobs-bell.service.js';
import { JobsRepository } from './jobs/jobs.repository.js';
import { JobsService } from './jobs/jobs.service.js';
import { MlBridgeConfig } from './ml-bridge.config.js';
import { mlBridgeDatabase } from './ml-bridge.database.js';
import { AdoptionService } from './workers/adoption.service.js';
import { SupervisionService } from './supervision/supervision.service.js';
import { AmqpClient } from './transports/amqp/amqp.client.js';
import { AmqpEventsClient } from './transports/amqp/amqp-events.client.js';
import { celeryTransport } from './transports/celery/celery.providers.js';
import { httpTransport } from './transports/http/http.providers.js';
import { serverTransport } from './transports/server/server.providers.js';
import { TransportsService } from './transports/transports.service.js';
import { ConclusionsService } from './workers/conclusions.service.js';
import { UpkeepService } from './upkeep/upkeep.service.js';
import { WorkerEventsService } from './workers/worker-events.service.js';

@Module({})
export class MlBridgeModule {
  static with(config: MlBridgeConfig): DynamicModule {
    const { RABBITMQ_URL: url, RPC_TIMEOUT_MS: timeoutMs } = config;
    return {
      module: MlBridgeModule,
      global: true, // the health module asks the worker client
      imports: [
        TelemetryModule.for('ml-bridge', config),
        PersistenceModule.for({ service: 'ml-bridge', rabbitmqUrl: url, database: mlBridgeDatabase(config) }),
        HealthModule.forService({
          inject: [AmqpClient],
          // without it, workers that come over HTTP, and servers that are asked, go on
          needs: (workers: AmqpClient) => ({ vital: {}, partial: { workers_broker: () => workers.connected } }),
        }),
      ],
      controllers: [GenerationsHandler, ErasureHandler],
      providers: [
        { provide: MlBridgeConfig, useValue: config },
        { provide: RpcClient, useFactory: () => new RpcClient({ url, name: 'ml-bridge', timeoutMs }) },
        accountEraser('ml-bridge', ErasureService),
        AdoptionService,
        AmqpClient,
        AmqpEventsClient,
        CatalogueService,
        ConclusionsService,
        EnginesService,
        ErasureService,
        GenerationsRepository,
        GenerationsService,
        FinishingService,
        ...celeryTransport,
        ...httpTransport,
        ...serverTransport,
        JobsBell,
        JobsRepository,
        JobsService,
        OffersService,
        SupervisionService,
        TransportsService,
        UpkeepService,
        WorkerEventsService,
      ],
      exports: [AmqpClient],
    };
  }
}
