import { HttpTransport } from './http-transport.service.js';
import { LeasesService } from './leases.service.js';
import { ReportsService } from './reports.service.js';
import { SightingsRepository } from './sightings.repository.js';
import { SightingsService } from './sightings.service.js';
import { WorkerPort } from './worker-port.service.js';
import { WorkerRequestsService } from './worker-requests.service.js';

/** Everything that workers which come over HTTP need. */
export const httpTransport = [
  HttpTransport,
  LeasesService,
  ReportsService,
  SightingsRepository,
  SightingsService,
  WorkerPort,
  WorkerRequestsService,
];
