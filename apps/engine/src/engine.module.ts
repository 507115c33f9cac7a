import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule, TelemetryModule } from '#runtime';
import { EngineConfig, poolsOf } from './engine.config.js';
import { providersOf, slotOf } from './jobs/slot.js';
import type { WorkerClient } from './jobs/worker.client.js';

@Module({})
export class EngineModule {
  /** One slot for each pool: they compute beside each other. */
  static with(config: EngineConfig, jobProcess: string): DynamicModule {
    const pools = poolsOf(config);
    const workers = pools.map((pool) => slotOf(pool).worker);
    return {
      module: EngineModule,
      global: true, // the health module asks the worker clients
      imports: [
        TelemetryModule.for('engine', config),
        HealthModule.for({
          inject: workers,
          needs: (...clients: WorkerClient[]) => ({
            vital: { broker: () => clients.some(({ connected }) => connected) },
            partial: Object.fromEntries(clients.map((client) => [`pool_${client.pool}`, () => client.connected])),
          }),
        }),
      ],
      providers: [
        { provide: EngineConfig, useValue: config },
        ...pools.flatMap((pool) => providersOf(pool, config, jobProcess)),
      ],
      exports: workers,
    };
  }
}
