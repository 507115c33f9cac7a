import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, NestLogger, serveMetrics } from '#runtime';
import type { EngineConfig } from './engine.config.js';
import { EngineModule } from './engine.module.js';

/** The worker: takes jobs from the broker and computes them in a process of its own, whose program is `jobProcess`. */
export async function createEngine(config: EngineConfig, jobProcess: string): Promise<NestFastifyApplication> {
  const logger = new NestLogger(createLogger('engine', config.LOG_LEVEL));
  const module = EngineModule.with(config, jobProcess);
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    logger,
    abortOnError: false,
  });
  serveMetrics(app.getHttpAdapter().getInstance());
  return app;
}
