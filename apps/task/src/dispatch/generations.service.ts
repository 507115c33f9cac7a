import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Attempt } from '#contracts';
import { once } from '#persistence';
import { FailoverService } from '../failover/failover.service.js';
import { TaskConfig } from '../task.config.js';
import { allows, isCurrent, type TaskAction } from '../tasks/task.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { Dispatcher } from './dispatcher.service.js';

/** Takes in what the workers report, as ml-bridge passes it on. Only the current attempt of an unfinished task can change anything. */
@Injectable()
export class GenerationsService {
  private readonly logger = new Logger(GenerationsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly failover: FailoverService,
    private readonly dispatcher: Dispatcher,
    private readonly config: TaskConfig,
  ) {}

  async report(messageId: string, { task_id, attempt }: Attempt, action: TaskAction): Promise<void> {
    await once(this.database, messageId, async (tx) => {
      const task = await this.tasks.lock(tx, task_id);
      if (!task || !isCurrent(task, attempt) || !allows(task, action.type)) {
        this.logger.debug({ task_id, attempt, action: action.type, message: 'a stale report changes nothing' });
        return;
      }
      await this.changes.act(tx, task, await this.failover.informed(tx, task, action));
    });
    if (action.type !== 'advance') this.dispatcher.wake();
  }

  /** How long a worker that has just reported may be silent. */
  get leaseMs(): number {
    return this.config.LEASE_SECONDS * 1000;
  }

  get maxFailures(): number {
    return this.config.MAX_FAILURES;
  }

  /** A worker stopped: what we asked for, or its own shutting down, after which the task waits for another. */
  async stopped(messageId: string, report: Attempt): Promise<void> {
    await once(this.database, messageId, async (tx) => {
      const task = await this.tasks.lock(tx, report.task_id);
      if (!task || !isCurrent(task, report.attempt)) return;
      const action: TaskAction =
        task.status === 'canceling'
          ? { type: 'confirmCancel' }
          : await this.failover.withFallback(tx, task, { type: 'loseLease', maxFailures: this.maxFailures });
      await this.changes.act(tx, task, action);
    });
    this.dispatcher.wake();
  }
}
