import { Controller } from '@nestjs/common';
import {
  type AccountId,
  type CancelOutcome,
  cancelTask,
  countTasks,
  type CreateTask,
  createTask,
  findTask,
  type TaskOfOwner,
  type TaskUsage,
  type TaskView,
} from '#contracts';
import { Handles } from '#messaging';
import { TasksService } from './tasks.service.js';

@Controller()
export class TasksHandler {
  constructor(private readonly tasks: TasksService) {}

  @Handles(createTask)
  create(request: CreateTask): Promise<TaskView> {
    return this.tasks.create(request);
  }

  @Handles(findTask)
  find({ task_id, owner_id }: TaskOfOwner): Promise<TaskView> {
    return this.tasks.find(task_id, owner_id);
  }

  @Handles(cancelTask)
  cancel({ task_id, owner_id }: TaskOfOwner): Promise<CancelOutcome> {
    return this.tasks.cancel(task_id, owner_id);
  }

  @Handles(countTasks)
  count({ account_id }: AccountId): Promise<TaskUsage> {
    return this.tasks.count(account_id);
  }
}
