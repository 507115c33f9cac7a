import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { accountEraser, ErasureHandler, PersistenceModule } from '#persistence';
import { HealthModule, TelemetryModule } from '#runtime';
import { AdoptionService } from './attempts/adoption.service.js';
import { AttemptsHandler } from './attempts/attempts.handler.js';
import { AttemptsService } from './attempts/attempts.service.js';
import { EndedTasksHandler } from './ended-tasks/ended-tasks.handler.js';
import { EndedTasksRepository } from './ended-tasks/ended-tasks.repository.js';
import { EndedTasksService } from './ended-tasks/ended-tasks.service.js';
import { EndedTasksSweeper } from './ended-tasks/ended-tasks-sweeper.service.js';
import { ErasureService } from './erasure/erasure.service.js';
import { FilesHandler } from './files/files.handler.js';
import { FilesRepository } from './files/files.repository.js';
import { FilesService } from './files/files.service.js';
import { RemovalsRepository } from './files/removals.repository.js';
import { HoldsHandler } from './holds/holds.handler.js';
import { HoldsRepository } from './holds/holds.repository.js';
import { HoldsService } from './holds/holds.service.js';
import { InspectionService } from './inspection/inspection.service.js';
import { ObjectsModule } from './objects/objects.module.js';
import { S3Client } from './objects/s3.client.js';
import type { StorageConfig } from './storage.config.js';
import { SpoolService } from './spooling/spool.service.js';
import { storageDatabase } from './storage.database.js';
import { ReconciliationRepository } from './sweeping/reconciliation.repository.js';
import { ReconciliationService } from './sweeping/reconciliation.service.js';
import { SweeperService } from './sweeping/sweeper.service.js';
import { CheckingService } from './uploads/checking.service.js';
import { InputsRepository } from './uploads/inputs.repository.js';
import { KeepingService } from './uploads/keeping.service.js';
import { ReceivingService } from './uploads/receiving.service.js';
import { UploadsController } from './uploads/uploads.controller.js';
import { UploadsHandler } from './uploads/uploads.handler.js';
import { UploadsRepository } from './uploads/uploads.repository.js';
import { UploadsService } from './uploads/uploads.service.js';

/** The largest picture takes a few seconds; the gateway waits for a minute. */
const inspectionMs = 30_000;

/** Files: uploads, downloads, and what workers read and write. */
@Module({})
export class StorageModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  /** `inspector` is the program of the processes that look at uploads. */
  static with(config: StorageConfig, inspector: string): DynamicModule {
    return {
      module: StorageModule,
      imports: [
        TelemetryModule.for('storage', config),
        PersistenceModule.for({
          service: 'storage',
          rabbitmqUrl: config.RABBITMQ_URL,
          database: storageDatabase(config),
        }),
        ObjectsModule.with(config),
        HealthModule.forService({
          inject: [S3Client],
          // without it, files are still listed, looked up and removed
          needs: (store: S3Client) => ({ vital: {}, partial: { store: () => store.answers() } }),
        }),
      ],
      controllers: [
        FilesHandler,
        HoldsHandler,
        UploadsHandler,
        AttemptsHandler,
        EndedTasksHandler,
        ErasureHandler,
        UploadsController,
      ],
      providers: [
        accountEraser('storage', ErasureService),
        EndedTasksRepository,
        EndedTasksService,
        EndedTasksSweeper,
        ErasureService,
        FilesRepository,
        FilesService,
        RemovalsRepository,
        HoldsRepository,
        HoldsService,
        CheckingService,
        InputsRepository,
        KeepingService,
        ReceivingService,
        SpoolService,
        UploadsRepository,
        UploadsService,
        {
          provide: InspectionService,
          useFactory: () =>
            new InspectionService({
              program: inspector,
              memoryMb: config.INSPECTION_MEMORY_MB,
              limitMs: inspectionMs,
            }),
        },
        AttemptsService,
        AdoptionService,
        SweeperService,
        ReconciliationRepository,
        ReconciliationService,
      ],
    };
  }

  /** The only bodies here are files: none is parsed, whatever its content type says. */
  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  }
}
