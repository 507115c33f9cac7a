import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, NestLogger } from '#runtime';
import type { EngineConfig } from './engine.config.js';
import { EngineModule } from './engine.module.js';

/** The worker: takes jobs from the broker and computes them in a process of its own, whose program is `jobProcess`. */
export function createEngine(config: EngineConfig, jobProcess: string): Promise<NestFastifyApplication> {
  const logger = new NestLogger(createLogger('engine', config.LOG_LEVEL));
  return NestFactory.create<NestFastifyApplication>(EngineModule.with(config, jobProcess), new FastifyAdapter(), {
    logger,
    abortOnError: false,
  });
}
