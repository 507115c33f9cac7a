import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createService } from '#runtime';
import type { FreshBroker, FreshDatabase } from '#testing';
import { TaskConfig } from '../src/task.config.js';
import { TaskModule } from '../src/task.module.js';

/** A replica of the service, with limits short enough for a test to wait for. */
export async function startReplica(database: FreshDatabase, broker: FreshBroker): Promise<NestFastifyApplication> {
  const config = Object.assign(new TaskConfig(), {
    DATABASE_URL: database.urlOf('task'),
    RABBITMQ_URL: broker.url,
    LOG_LEVEL: 'silent',
    LEASE_SECONDS: 3,
    CANCEL_CONFIRM_SECONDS: 1,
    MAX_QUEUED_TASKS_PER_ACCOUNT: 5,
    DATABASE_POOL_SIZE: 6,
  });
  const app = await createService({ name: 'task', config, module: TaskModule.with(config) });
  await app.startAllMicroservices();
  return app;
}
