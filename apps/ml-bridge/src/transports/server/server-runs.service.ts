import { Injectable } from '@nestjs/common';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import { EnginesService } from '../../engines/engines.service.js';
import { GenerationsRepository } from '../../generations/generations.repository.js';
import type { HeldJob } from '../../jobs/held-job.js';
import { JobsRepository } from '../../jobs/jobs.repository.js';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import { WorkerEventsService } from '../../workers/worker-events.service.js';
import { DeliveriesService } from './deliveries.service.js';
import { ServerRun } from './server-run.service.js';

/** Begins runs, with everything that they need. */
@Injectable()
export class ServerRunsService {
  constructor(
    private readonly events: WorkerEventsService,
    private readonly generations: GenerationsRepository,
    private readonly jobs: JobsRepository,
    private readonly deliveries: DeliveriesService,
    private readonly engines: EnginesService,
    private readonly config: MlBridgeConfig,
  ) {}

  begin(model: CatalogueModel, held: HeldJob, holder: string): ServerRun {
    const { events, generations, jobs, deliveries, engines, config } = this;
    const heartbeatMs = config.WORKER_HEARTBEAT_MS;
    const adapterOf = engines.adapterOf.bind(engines);
    return new ServerRun({ events, generations, jobs, deliveries, adapterOf, heartbeatMs, holder }, model, held);
  }
}
