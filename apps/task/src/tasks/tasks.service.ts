import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type CancelOutcome,
  type ListTasks,
  type Nothing,
  taskCancelRequested,
  type TaskPage,
  type TaskUsage,
  type TaskView,
} from '#contracts';
import { announce, idFrom, pageOf } from '#persistence';
import { TaskConfig } from '../task.config.js';
import { allows, type Task } from './task.js';
import { TaskChangesService } from './task-changes.service.js';
import { TaskViewsService } from './task-views.service.js';
import { noSuchTask, TasksRepository } from './tasks.repository.js';

/** What an account does with its tasks. */
@Injectable()
export class TasksService {
  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly views: TaskViewsService,
    private readonly config: TaskConfig,
  ) {}

  async list({ owner_id, status, limit, cursor }: ListTasks): Promise<TaskPage> {
    const found = await this.tasks.list(owner_id, { status, before: idFrom(cursor), limit: limit + 1 });
    const { items, next_cursor } = pageOf(found, limit, ({ id }) => id);
    return { items: await this.views.ofAll(this.database.manager, items), next_cursor };
  }

  /** Hides a task and removes it; one that runs is canceled first, and goes when its worker has stopped. */
  async remove(id: string, ownerId: string): Promise<Nothing> {
    await this.database.transaction(async (tx) => {
      const task = await this.changes.hide(tx, await this.tasks.lockOwned(tx, id, ownerId));
      if (allows(task, 'cancel')) await this.cancelLocked(tx, task);
    });
    return {};
  }

  async find(id: string, ownerId: string): Promise<TaskView> {
    const task = await this.tasks.find(this.database.manager, id, ownerId);
    if (!task) throw noSuchTask();
    return this.views.of(this.database.manager, task);
  }

  /** Cancels a waiting task at once; a running one is `canceling` until its worker has stopped. */
  async cancel(id: string, ownerId: string): Promise<CancelOutcome> {
    const outcome = await this.database.transaction(async (tx) => {
      const task = await this.tasks.lockOwned(tx, id, ownerId);
      if (task.status === 'canceling' || task.status === 'canceled') return { changed: false, task };
      return { changed: true, task: await this.cancelLocked(tx, task) };
    });
    return { changed: outcome.changed, task: await this.views.of(this.database.manager, outcome.task) };
  }

  async count(ownerId: string): Promise<TaskUsage> {
    const unfinished = await this.tasks.countUnfinished(this.database.manager, ownerId);
    return { ...unfinished, max_queued: this.config.MAX_QUEUED_TASKS_PER_ACCOUNT };
  }

  private async cancelLocked(tx: EntityManager, task: Task): Promise<Task> {
    const canceled = await this.changes.act(tx, task, { type: 'cancel' });
    if (task.leaseUntil) {
      await announce(tx, taskCancelRequested, { task_id: task.id, attempt: task.attempt, reason: 'user' });
    }
    return canceled;
  }
}
