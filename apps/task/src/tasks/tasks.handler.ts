import { Controller } from '@nestjs/common';
import {
  type AccountId,
  type CancelOutcome,
  cancelTask,
  type ConvertTask,
  convertTask,
  countTasks,
  type CreatedTask,
  type CreateTask,
  createTask,
  findTask,
  listTaskEvents,
  type ListTasks,
  listTasks,
  type Nothing,
  removeTask,
  type TaskEvents,
  type TaskEventsAfter,
  type TaskPage,
  type TaskOfOwner,
  type TaskUsage,
  type TaskView,
} from '#contracts';
import { Handles } from '#messaging';
import { ConversionsService } from '../conversions/conversions.service.js';
import { HistoryService } from '../history/history.service.js';
import { TaskCreationService } from './task-creation.service.js';
import { TasksService } from './tasks.service.js';

@Controller()
export class TasksHandler {
  constructor(
    private readonly creation: TaskCreationService,
    private readonly conversions: ConversionsService,
    private readonly tasks: TasksService,
    private readonly history: HistoryService,
  ) {}

  @Handles(createTask)
  create(request: CreateTask): Promise<CreatedTask> {
    return this.creation.create(request);
  }

  @Handles(convertTask)
  convert(request: ConvertTask): Promise<CreatedTask> {
    return this.conversions.convert(request);
  }

  @Handles(findTask)
  find({ task_id, owner_id }: TaskOfOwner): Promise<TaskView> {
    return this.tasks.find(task_id, owner_id);
  }

  @Handles(listTasks)
  list(request: ListTasks): Promise<TaskPage> {
    return this.tasks.list(request);
  }

  @Handles(listTaskEvents)
  events(request: TaskEventsAfter): Promise<TaskEvents> {
    return this.history.after(request);
  }

  @Handles(removeTask)
  remove({ task_id, owner_id }: TaskOfOwner): Promise<Nothing> {
    return this.tasks.remove(task_id, owner_id);
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
