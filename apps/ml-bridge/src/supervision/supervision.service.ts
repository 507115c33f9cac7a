import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Attempt, generationFailed } from '#contracts';
import { announce, databaseTime, RecurringWork } from '#persistence';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { failureOf, taskErrorOf } from '../generations/attempt-failure.js';
import { attemptOf, type Generation } from '../generations/generation.js';
import { GenerationsRepository } from '../generations/generations.repository.js';
import { TransportsService } from '../transports/transports.service.js';
import { mayBeOverdue, overdueOf } from './overdue.js';

const lookEveryMs = 1000;

/** Ends the attempts of workers that live and get nowhere, as their models' catalogue entries say. Any replica may. */
@Injectable()
export class SupervisionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SupervisionService.name);
  private readonly work = new RecurringWork(SupervisionService.name, lookEveryMs, () => this.round());

  constructor(
    private readonly database: DataSource,
    private readonly generations: GenerationsRepository,
    private readonly catalogue: CatalogueService,
    private readonly transports: TransportsService,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  private async round(): Promise<void> {
    const supervised = this.catalogue.all().filter(mayBeOverdue);
    if (supervised.length === 0) return;
    const now = await databaseTime(this.database.manager);
    for (const generation of await this.generations.goingOf(supervised.map(({ offer }) => offer.id))) {
      if (this.overdue(generation, now)) await this.end(attemptOf(generation));
    }
  }

  /** Looks at it once more under its lock: its worker may just have said something. */
  private async end(attempt: Attempt): Promise<void> {
    const ended = await this.database.transaction(async (tx) => {
      const generation = await this.generations.lock(tx, attempt);
      const code = generation && this.overdue(generation, await databaseTime(tx));
      if (!code) return null;
      await this.generations.save(tx, { ...generation, status: 'failed' });
      await announce(tx, generationFailed, {
        ...attempt,
        error: taskErrorOf(failureOf(code), generation.stage),
      });
      this.logger.warn({ ...attempt, worker_id: generation.workerId, stage: generation.stage, code });
      return generation;
    });
    if (ended) await this.transports.cancel(ended, 'stale');
  }

  private overdue(generation: Generation, now: Date): ReturnType<typeof overdueOf> {
    const model = this.catalogue.find(generation.model);
    return model ? overdueOf(generation, model, now) : null;
  }
}
