import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RecurringWork } from '#persistence';
import { ExecutionTimesRepository } from './execution-times.repository.js';
import { QueueRepository } from './queue.repository.js';

const tidyEveryMs = 60_000;

/** Removes what the queue no longer needs to know; several replicas do no harm. */
@Injectable()
export class QueueTidier implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly work = new RecurringWork(QueueTidier.name, tidyEveryMs, () => this.tidy());

  constructor(
    private readonly database: DataSource,
    private readonly queue: QueueRepository,
    private readonly executions: ExecutionTimesRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
    this.work.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  async tidy(): Promise<void> {
    await this.queue.forgetShares(this.database.manager);
    await this.executions.trim(this.database.manager);
  }
}
