import { DeliveriesService } from './deliveries.service.js';
import { JobFilesClient } from './job-files.client.js';
import { ReadinessService } from './readiness.service.js';
import { ServerHost } from './server-host.service.js';
import { ServerRunsService } from './server-runs.service.js';
import { ServerTransport } from './server-transport.service.js';

/** Everything that it takes to drive servers of other people. */
export const serverTransport = [
  DeliveriesService,
  JobFilesClient,
  ReadinessService,
  ServerHost,
  ServerRunsService,
  ServerTransport,
];
