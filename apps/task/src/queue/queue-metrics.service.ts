import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { metrics, type Reading } from '#telemetry';
import { type Depth, QueueRepository } from './queue.repository.js';

/** Tells how many tasks there are of each model, and how long they have waited. One look serves one scrape. */
@Injectable()
export class QueueMetrics implements OnModuleInit, OnModuleDestroy {
  private stops: (() => void)[] = [];
  private look: Promise<Depth[]> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly queue: QueueRepository,
  ) {}

  onModuleInit(): void {
    this.stops = [
      metrics.tasks.from(async () => (await this.depths()).map(tasksOf)),
      metrics.queueOldest.from(async () =>
        (await this.depths()).filter(({ status }) => status === 'queued').map(oldestOf),
      ),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stops) stop();
  }

  private depths(): Promise<Depth[]> {
    this.look ??= this.queue.depths(this.database.manager).finally(() => (this.look = undefined));
    return this.look;
  }
}

const tasksOf = ({ model, status, tasks }: Depth): Reading<'model' | 'status'> => ({
  labels: { model, status },
  value: tasks,
});

const oldestOf = ({ model, waited }: Depth): Reading<'model'> => ({ labels: { model }, value: waited });
