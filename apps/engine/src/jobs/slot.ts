import type { Provider } from '@nestjs/common';
import { passedOn } from '#runtime';
import type { EngineConfig } from '../engine.config.js';
import { EngineProcess } from './engine-process.js';
import { JobsService } from './jobs.service.js';
import { WorkerClient } from './worker.client.js';

/** What the parts of the slot of a pool are provided as. */
export const slotOf = (pool: string): Record<'process' | 'jobs' | 'worker', string> => ({
  process: `process of ${pool}`,
  jobs: `jobs of ${pool}`,
  worker: `worker of ${pool}`,
});

/**
 * A slot takes one job of its pool at a time, in a process of its own that is started with its first job, on connections of its own: a
 * pool without a queue, or with a job that takes long, keeps no other waiting.
 */
export function providersOf(pool: string, config: EngineConfig, jobProcess: string): Provider[] {
  const { process, jobs, worker } = slotOf(pool);
  return [
    {
      provide: process,
      useFactory: () =>
        new EngineProcess({
          program: jobProcess,
          memoryMb: config.ENGINE_MEMORY_MB,
          stallMs: config.ENGINE_STALL_SECONDS * 1000,
          env: passedOn('PATH', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS'),
        }),
    },
    { provide: jobs, inject: [process], useFactory: (engine: EngineProcess) => new JobsService(engine, config) },
    { provide: worker, inject: [jobs], useFactory: (its: JobsService) => new WorkerClient(config, pool, its) },
  ];
}
