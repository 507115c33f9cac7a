import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type CancelOutcome,
  type CreateTask,
  Problem,
  taskCancelRequested,
  type TaskUsage,
  type TaskView,
} from '#contracts';
import { announce, databaseTime, refuseErased } from '#persistence';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { RequestResolver } from '../models/request-resolver.service.js';
import { TaskConfig } from '../task.config.js';
import { apply, type Task } from './task.js';
import { viewOf } from './task-view.js';
import { noSuchTask, TasksRepository } from './tasks.repository.js';

/** What an account does with its tasks. */
@Injectable()
export class TasksService {
  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly resolver: RequestResolver,
    private readonly dispatcher: Dispatcher,
    private readonly config: TaskConfig,
  ) {}

  /** Queues a task. The same id again answers the task that is there. */
  async create(request: CreateTask): Promise<TaskView> {
    const known = await this.tasks.find(request.task_id, request.owner_id);
    if (known) return this.view(known);
    const task = await this.resolver.resolve(request, await databaseTime(this.database.manager));
    await this.database.transaction(async (tx) => {
      await refuseErased(tx, task.ownerId);
      await this.tasks.lockAccount(tx, task.ownerId);
      await this.refuseOverLimit(tx, task.ownerId);
      await this.tasks.insertOnce(tx, task);
    });
    this.dispatcher.wake();
    return this.find(task.id, task.ownerId);
  }

  async find(id: string, ownerId: string): Promise<TaskView> {
    const task = await this.tasks.find(id, ownerId);
    if (!task) throw noSuchTask();
    return this.view(task);
  }

  /** Cancels a waiting task at once; a running one is `canceling` until its worker has stopped. */
  async cancel(id: string, ownerId: string): Promise<CancelOutcome> {
    const outcome = await this.database.transaction(async (tx) => {
      const task = await this.tasks.lockOwned(tx, id, ownerId);
      if (task.status === 'canceling' || task.status === 'canceled') return { changed: false, task };
      const canceled = apply(task, { type: 'cancel' }, await databaseTime(tx));
      await this.tasks.save(tx, canceled);
      if (task.leaseUntil) {
        await announce(tx, taskCancelRequested, { task_id: id, attempt: task.attempt, reason: 'user' });
      }
      return { changed: true, task: canceled };
    });
    return { changed: outcome.changed, task: await this.view(outcome.task) };
  }

  async count(ownerId: string): Promise<TaskUsage> {
    const unfinished = await this.tasks.countUnfinished(this.database.manager, ownerId);
    return { ...unfinished, max_queued: this.config.MAX_QUEUED_TASKS_PER_ACCOUNT };
  }

  private async refuseOverLimit(tx: EntityManager, ownerId: string): Promise<void> {
    const limit = this.config.MAX_QUEUED_TASKS_PER_ACCOUNT;
    const { queued } = await this.tasks.countUnfinished(tx, ownerId);
    if (queued < limit) return;
    throw new Problem('too_many_queued_tasks', `At most ${limit} tasks of an account may wait at once`, {
      retryAfter: 10,
      members: { limit },
    });
  }

  private async view(task: Task): Promise<TaskView> {
    return viewOf(task, task.status === 'queued' ? await this.tasks.positionOf(task) : null);
  }
}
