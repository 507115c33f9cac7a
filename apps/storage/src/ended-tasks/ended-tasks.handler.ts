import { Controller } from '@nestjs/common';
import { type TaskEnded, taskEnded, type TaskOfOwner, taskRemoved } from '#contracts';
import { On } from '#messaging';
import { EndedTasksRepository } from './ended-tasks.repository.js';
import { EndedTasksSweeper } from './ended-tasks-sweeper.service.js';

/** Hears of tasks that have ended, or are gone. */
@Controller()
export class EndedTasksHandler {
  constructor(
    private readonly tasks: EndedTasksRepository,
    private readonly sweeper: EndedTasksSweeper,
  ) {}

  @On(taskEnded)
  async ended({ task_id, owner_id, file_ids }: TaskEnded): Promise<void> {
    await this.tasks.mark({ taskId: task_id, ownerId: owner_id, kept: file_ids }, false);
    this.sweeper.wake();
  }

  @On(taskRemoved)
  async removed({ task_id, owner_id }: TaskOfOwner): Promise<void> {
    await this.tasks.mark({ taskId: task_id, ownerId: owner_id, kept: [] }, true);
    this.sweeper.wake();
  }
}
