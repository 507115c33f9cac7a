import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TaskEvent, TaskEvents, TaskEventsAfter } from '#contracts';
import { isFinal, type Task } from '../tasks/task.js';
import { TaskViewsService } from '../tasks/task-views.service.js';
import { noSuchTask, TasksRepository } from '../tasks/tasks.repository.js';
import type { StoredTaskEvent } from './task-event.entity.js';
import { TaskEventsRepository } from './task-events.repository.js';
import { inState } from './task-state.js';

/** What happened to a task, change by change. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly events: TaskEventsRepository,
    private readonly views: TaskViewsService,
  ) {}

  /** The events after a number, oldest first; without one, or after a number that was never given, the newest state as one event. */
  async after({ owner_id, task_id, after, limit }: TaskEventsAfter): Promise<TaskEvents> {
    const task = await this.tasks.find(this.database.manager, task_id, owner_id);
    if (!task) throw noSuchTask();
    if (after === undefined || after > task.seq) {
      return { events: [await this.newest(task)], complete: isFinal(task.status) };
    }
    const found = await this.events.after(task_id, after, limit);
    const last = found.at(-1)?.state.status ?? task.status;
    return { events: await Promise.all(found.map((event) => this.eventOf(task, event))), complete: isFinal(last) };
  }

  private async eventOf(task: Task, { seq, state }: StoredTaskEvent): Promise<TaskEvent> {
    return seq === task.seq ? this.newest(task) : { seq, task: this.views.past(inState(task, seq, state)) };
  }

  private async newest(task: Task): Promise<TaskEvent> {
    return { seq: task.seq, task: await this.views.of(this.database.manager, task) };
  }
}
