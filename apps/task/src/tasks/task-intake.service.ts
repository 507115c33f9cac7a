import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Problem, type TaskView } from '#contracts';
import { TaskConfig } from '../task.config.js';
import type { Task } from './task.js';
import { TaskChangesService } from './task-changes.service.js';
import { TaskViewsService } from './task-views.service.js';
import { noSuchTask, TasksRepository } from './tasks.repository.js';

/** Lets new tasks in, an account's one after the other, no more than may wait at once. */
@Injectable()
export class TaskIntakeService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly views: TaskViewsService,
    private readonly config: TaskConfig,
  ) {}

  /** Queues a task, and answers it as it is then. The same id again answers the task that is there. */
  async take(tx: EntityManager, task: Task): Promise<TaskView> {
    await this.tasks.lockAccount(tx, task.ownerId);
    if (await this.tasks.exists(tx, task.id)) return this.again(tx, task);
    await this.refuseOverLimit(tx, task.ownerId);
    return this.views.of(tx, await this.changes.begin(tx, task));
  }

  async find(manager: EntityManager, id: string, ownerId: string): Promise<TaskView | null> {
    const task = await this.tasks.find(manager, id, ownerId);
    return task && this.views.of(manager, task);
  }

  exists(manager: EntityManager, id: string): Promise<boolean> {
    return this.tasks.exists(manager, id);
  }

  private async again(tx: EntityManager, { id, ownerId }: Task): Promise<TaskView> {
    const view = await this.find(tx, id, ownerId);
    if (!view) throw noSuchTask();
    return view;
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
}
