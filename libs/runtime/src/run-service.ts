import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import type { ServiceName } from '#contracts';
import { EventServer, RpcServer } from '#messaging';
import { migrate, outageOf } from '#persistence';
import { ConfigError } from './config.js';
import { Departure } from './departure.js';
import { carryContext, requestIdOf } from './http-context.js';
import { leaveOnSignal } from './leave-on-signal.js';
import { createLogger, NestLogger } from './logging.js';
import { serveMetrics } from './metrics.js';
import { Readiness } from './readiness.js';
import type { ServiceConfig } from './service.config.js';

export interface ServiceOptions {
  name: ServiceName;
  config: ServiceConfig;
  module: object;
}

/** A service ready to listen: migrated, initialised, with its RPC and event servers attached. Tests use it too. */
export async function createService({ name, config, module }: ServiceOptions): Promise<NestFastifyApplication> {
  const logger = createLogger(name, config.LOG_LEVEL);
  const app = await NestFactory.create<NestFastifyApplication>(
    module as never,
    new FastifyAdapter({ forceCloseConnections: 'idle' as never, genReqId: requestIdOf, requestIdHeader: false }),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  carryContext(fastify);
  serveMetrics(fastify);
  try {
    await migrate(app.get(DataSource));
    connectServers(app, name, config);
    await app.init();
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** What the servers took is finished before the HTTP side goes, which tells meanwhile how the process is. */
function connectServers(app: NestFastifyApplication, service: ServiceName, { RABBITMQ_URL: url }: ServiceConfig): void {
  const questions = new RpcServer({ url, service, explain: outageOf });
  const facts = new EventServer({ url, service });
  app.connectMicroservice({ strategy: questions });
  app.connectMicroservice({ strategy: facts });
  app.get(Departure).beforeClosing(async () => {
    await Promise.all([questions.close(), facts.close()]);
  });
  app.get(Readiness).add({ vital: { questions: () => questions.connected } });
}

/** Starts a service and keeps it until SIGTERM: then it takes no more work, finishes what it began, and leaves. */
export async function runService(options: () => ServiceOptions): Promise<void> {
  await startOrExplain(async () => {
    const { config, ...rest } = options();
    const app = await createService({ config, ...rest });
    leaveOnSignal(app, config.SHUTDOWN_DELAY_MS);
    await app.startAllMicroservices();
    await app.listen({ port: config.PORT, host: config.HOST });
  });
}

/** Runs a process's start; a wrong setting is printed by name, anything else with its stack, and the process ends. */
export async function startOrExplain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
    process.exit(1);
  }
}
