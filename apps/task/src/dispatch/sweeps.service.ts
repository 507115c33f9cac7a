import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { taskCancelRequested } from '#contracts';
import { announce } from '#persistence';
import { FailoverService } from '../failover/failover.service.js';
import { TaskConfig } from '../task.config.js';
import type { Task, TaskAction } from '../tasks/task.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { type Overdue, TasksRepository } from '../tasks/tasks.repository.js';
import { underItsRequest } from './under-its-request.js';

/** Few enough that a report about one of them does not wait noticeably. */
const portion = 50;

/** Takes back what is overdue: a silent worker's task, a task past its deadline, a cancel that nobody confirms. */
@Injectable()
export class SweepsService {
  private readonly logger = new Logger(SweepsService.name);

  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly failover: FailoverService,
    private readonly config: TaskConfig,
  ) {}

  /** After an outage of ours: gives every worker the time to be heard before its task is taken back. */
  giveGrace(): Promise<void> {
    return this.tasks.extendLeases(this.config.LEASE_SECONDS);
  }

  /** Takes some of it back; resolves to whether there may be more. */
  sweep(what: Overdue): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const found = await this.tasks.lockOverdue(tx, what, this.config.CANCEL_CONFIRM_SECONDS, portion);
      for (const task of found) await underItsRequest(task, () => this.takeBack(tx, task, what));
      return found.length === portion;
    });
  }

  private async takeBack(tx: EntityManager, task: Task, what: Overdue): Promise<void> {
    this.logger.log({ task_id: task.id, attempt: task.attempt, overdue: what });
    await this.changes.act(tx, task, await this.failover.informed(tx, task, this.actionFor(what)));
    if (!task.leaseUntil) return;
    const reason = what === 'deadline' ? 'deadline' : 'stale';
    await announce(tx, taskCancelRequested, { task_id: task.id, attempt: task.attempt, reason });
  }

  private actionFor(what: Overdue): TaskAction {
    switch (what) {
      case 'lease':
        return { type: 'loseLease', maxFailures: this.config.MAX_FAILURES };
      case 'deadline':
        return { type: 'expire' };
      case 'cancel':
        return { type: 'confirmCancel' };
    }
  }
}
