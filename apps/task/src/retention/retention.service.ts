import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdempotencyKeysRepository } from '../idempotency/idempotency-keys.repository.js';
import { TaskConfig } from '../task.config.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { DeliveriesRepository } from '../webhooks/deliveries.repository.js';

const sweepEveryMs = 3_600_000;
/** Few enough that nobody waits noticeably for the transaction that removes them. */
const portion = 100;
/** A client may send a request again, and get its first answer, for at least so long. */
const keyHours = 24;

/** Removes tasks whose time is over, old keys of requests and old deliveries of webhooks, at the start and every hour; several replicas do no harm. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RetentionService.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly keys: IdempotencyKeysRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly config: TaskConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.begin();
    this.timer = setInterval(() => this.begin(), sweepEveryMs);
  }

  /** Finishes the portion at hand; the rest is left for the next start. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Removes all whose time is over, portion by portion. */
  async sweep(): Promise<void> {
    const removed = await this.portions(() => this.removeTasks());
    const forgotten = await this.portions(() => this.keys.removeOld(this.database.manager, keyHours, portion));
    await this.portions(() => this.deliveries.removeOld(portion));
    if (removed + forgotten > 0) this.logger.log({ removed_tasks: removed, forgotten_keys: forgotten });
  }

  private begin(): void {
    this.sweeping = this.sweep().catch((error: unknown) => this.logger.warn({ err: error }));
  }

  private async portions(removeSome: () => Promise<number>): Promise<number> {
    let sum = 0;
    for (let removed = portion; removed === portion && !this.stopped; sum += removed) removed = await removeSome();
    return sum;
  }

  private async removeTasks(): Promise<number> {
    const { RETENTION_DAYS: days } = this.config;
    if (days === 0) return 0;
    return this.database.transaction(async (tx) => {
      const expired = await this.tasks.lockExpired(tx, days, portion);
      await this.changes.remove(tx, expired);
      return expired.length;
    });
  }
}
