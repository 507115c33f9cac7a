import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { JobsRepository } from '../jobs/jobs.repository.js';
import { SightingsRepository } from '../transports/http/sightings.repository.js';

const minuteMs = 60_000;
const generationsKeptForDays = 7;

/** Removes at the start, and then now and then, what nobody needs any more; several replicas do no harm. */
@Injectable()
export class UpkeepService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(UpkeepService.name);
  private readonly works = [
    new RecurringWork(`${UpkeepService.name} jobs`, minuteMs, () => this.sweepJobs()),
    new RecurringWork(`${UpkeepService.name} sightings`, minuteMs, () => this.sightings.sweep()),
    new RecurringWork(`${UpkeepService.name} generations`, 60 * minuteMs, () => this.forgetGenerations()),
  ];

  constructor(
    private readonly jobs: JobsRepository,
    private readonly generations: GenerationsRepository,
    private readonly sightings: SightingsRepository,
  ) {}

  onApplicationBootstrap(): void {
    for (const work of this.works) {
      work.start();
      work.wake();
    }
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.works.map((work) => work.stop()));
  }

  /** Jobs that nobody will take any more. */
  async sweepJobs(): Promise<void> {
    const removed = await this.jobs.sweep();
    if (removed > 0) this.logger.log({ jobs_removed: removed });
  }

  /** Attempts of a week ago. */
  async forgetGenerations(): Promise<void> {
    const forgotten = await this.generations.forget(generationsKeptForDays);
    if (forgotten > 0) this.logger.log({ generations_forgotten: forgotten });
  }
}
