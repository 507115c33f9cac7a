import { Injectable } from '@nestjs/common';
import type { TaskView } from '#contracts';
import { TaskConfig } from '../task.config.js';
import type { Task } from './task.js';
import { viewOf } from './task-view.js';
import { TasksRepository } from './tasks.repository.js';

/** Tasks as their owners see them, with what is only known by looking at the others: the place in the queue, and what time it will take. */
@Injectable()
export class TaskViewsService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly config: TaskConfig,
  ) {}

  async of(task: Task): Promise<TaskView> {
    const position = task.status === 'queued' ? await this.tasks.positionOf(task) : null;
    return viewOf(task, { position, eta: null, retentionDays: this.config.RETENTION_DAYS });
  }

  /** As it was once: what was expected then is not kept. */
  past(task: Task): TaskView {
    return viewOf(task, { position: null, eta: null, retentionDays: this.config.RETENTION_DAYS });
  }
}
