import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExecutionTimesRepository } from './execution-times.repository.js';
import { QueueRepository } from './queue.repository.js';

const tidyEveryMs = 60_000;

/** Removes what the queue no longer needs to know; several replicas do no harm. */
@Injectable()
export class QueueTidier implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(QueueTidier.name);
  private timer: NodeJS.Timeout | undefined;
  private tidying: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly queue: QueueRepository,
    private readonly executions: ExecutionTimesRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.begin();
    this.timer = setInterval(() => this.begin(), tidyEveryMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.tidying;
  }

  async tidy(): Promise<void> {
    await this.queue.forgetShares(this.database.manager);
    await this.executions.trim(this.database.manager);
  }

  private begin(): void {
    this.tidying = this.tidy().catch((error: unknown) => this.logger.warn({ err: error }));
  }
}
