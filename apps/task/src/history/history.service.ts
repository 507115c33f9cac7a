import { Injectable } from '@nestjs/common';
import type { TaskEvents, TaskEventsAfter } from '#contracts';
import { isFinal } from '../tasks/task.js';
import { TaskViewsService } from '../tasks/task-views.service.js';
import { noSuchTask, TasksRepository } from '../tasks/tasks.repository.js';
import { TaskEventsRepository } from './task-events.repository.js';
import { inState } from './task-state.js';

/** What happened to a task, change by change. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly events: TaskEventsRepository,
    private readonly views: TaskViewsService,
  ) {}

  /** The events after a number, oldest first; without one, the newest state as one event. */
  async after({ owner_id, task_id, after, limit }: TaskEventsAfter): Promise<TaskEvents> {
    const task = await this.tasks.find(task_id, owner_id);
    if (!task) throw noSuchTask();
    if (after === undefined) {
      return { events: [{ seq: task.seq, task: await this.views.of(task) }], complete: isFinal(task.status) };
    }
    const found = await this.events.after(task_id, after, limit);
    const events = await Promise.all(
      found.map(async ({ seq, state }) => ({
        seq,
        task: seq === task.seq ? await this.views.of(task) : this.views.past(inState(task, seq, state)),
      })),
    );
    return { events, complete: isFinal(task.status) && (found.at(-1)?.seq ?? after) >= task.seq };
  }
}
