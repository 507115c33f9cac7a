import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule, passedOn } from '#runtime';
import { EngineConfig } from './engine.config.js';
import { EngineProcess } from './jobs/engine-process.js';
import { JobsService } from './jobs/jobs.service.js';
import { WorkerClient } from './jobs/worker.client.js';

@Module({})
export class EngineModule {
  static with(config: EngineConfig, jobProcess: string): DynamicModule {
    return {
      module: EngineModule,
      global: true, // the health module asks the worker client
      imports: [
        HealthModule.for({
          inject: [WorkerClient],
          dependencies: (worker: WorkerClient) => ({ broker: () => worker.connected }),
        }),
      ],
      providers: [
        { provide: EngineConfig, useValue: config },
        {
          provide: EngineProcess,
          useFactory: () =>
            new EngineProcess({
              program: jobProcess,
              memoryMb: config.ENGINE_MEMORY_MB,
              stallMs: config.ENGINE_STALL_SECONDS * 1000,
              env: passedOn('PATH', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS'),
            }),
        },
        JobsService,
        WorkerClient,
      ],
      exports: [WorkerClient],
    };
  }
}
