import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RecurringWork } from '#persistence';
import { JobsRepository } from './jobs.repository.js';

const sweepEveryMs = 60_000;

/** Removes jobs that nobody will take any more, every minute; several replicas do no harm. */
@Injectable()
export class JobsSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(JobsSweeper.name);
  private readonly work = new RecurringWork(JobsSweeper.name, sweepEveryMs, () => this.sweep());

  constructor(private readonly jobs: JobsRepository) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  async sweep(): Promise<void> {
    const removed = await this.jobs.sweep();
    if (removed > 0) this.logger.log({ removed });
  }
}
