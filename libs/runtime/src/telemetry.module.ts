import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { measureProcess, startTracing, stopTracing } from '#telemetry';
import type { ProcessConfig } from './service.config.js';

/** Measures the process and keeps its spans until it ends; then it sends what is left of them. */
@Module({})
export class TelemetryModule implements OnApplicationShutdown {
  static for(service: string, config: ProcessConfig): DynamicModule {
    measureProcess();
    startTracing({
      service: `lathe-${service}`,
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      ratio: config.OTEL_TRACES_SAMPLER_ARG,
    });
    return { module: TelemetryModule };
  }

  onApplicationShutdown(): Promise<void> {
    return stopTracing();
  }
}
