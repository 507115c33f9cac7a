import type { Provider } from '@nestjs/common';
import { CeleryAttemptsRepository } from './celery-attempts.repository.js';
import { CeleryBrokersService } from './celery-brokers.service.js';
import { CeleryResultsService } from './celery-results.service.js';
import { CeleryWatchService } from './celery-watch.service.js';
import { CeleryClient } from './celery.client.js';

/** What lets workers of Celery take jobs. */
export const celeryTransport: Provider[] = [
  CeleryAttemptsRepository,
  CeleryBrokersService,
  CeleryClient,
  CeleryResultsService,
  CeleryWatchService,
];
