import { randomUUID } from 'node:crypto';
import {
  finalStatuses,
  findTask,
  listTaskEvents,
  Problem,
  taskChanged,
  type TaskEvent,
  type TaskEventsAfter,
  type TaskView,
} from '#contracts';
import { currentRequest } from '#telemetry';
import type { StandIn } from '#testing';
import { aTask } from './views.js';

interface KnownTask {
  ownerId: string;
  events: TaskEvent[];
}

const hasEnded = ({ status }: TaskView): boolean => (finalStatuses as readonly string[]).includes(status);

/** Tasks and their event logs as the task service knows them. */
export class KnownTasks {
  /** Whatever was asked for, in order. */
  readonly reads: (TaskEventsAfter & { requestId: string | undefined })[] = [];
  looks = 0;
  away = false;
  /** Answers about events wait for this. */
  ready: Promise<unknown> = Promise.resolve();
  private readonly tasks = new Map<string, KnownTask>();

  constructor(private readonly service: StandIn) {
    service
      .answer(findTask, async ({ task_id, owner_id }) => {
        this.looks++;
        return this.find(task_id, owner_id).events.at(-1)!.task;
      })
      .answer(listTaskEvents, async (request) => {
        this.reads.push({ ...request, requestId: currentRequest()?.requestId });
        await this.ready;
        return this.eventsAfter(request);
      });
  }

  /** A new task, whose first event has the number 1. */
  add(ownerId: string, about: Partial<TaskView> = {}): string {
    const task = aTask({ task_id: randomUUID(), ...about });
    this.tasks.set(task.task_id, { ownerId, events: [{ seq: 1, task }] });
    return task.task_id;
  }

  /** Changes a task, and tells nobody. */
  change(id: string, about: Partial<TaskView>): void {
    const { events } = this.tasks.get(id)!;
    const { seq, task } = events.at(-1)!;
    events.push({ seq: seq + 1, task: { ...task, ...about } });
  }

  /** Changes a task and announces it. */
  async advance(id: string, about: Partial<TaskView>): Promise<void> {
    this.change(id, about);
    await this.service.announce(taskChanged, { task_id: id, seq: this.tasks.get(id)!.events.at(-1)!.seq });
  }

  remove(id: string): void {
    this.tasks.delete(id);
  }

  private eventsAfter({ task_id, owner_id, after, limit }: TaskEventsAfter) {
    const { events } = this.find(task_id, owner_id);
    const newest = events.at(-1)!;
    const found = after === undefined ? [newest] : events.filter(({ seq }) => seq > after).slice(0, limit);
    return { events: found, complete: hasEnded(newest.task) && (found.at(-1)?.seq ?? after!) >= newest.seq };
  }

  private find(id: string, ownerId: string): KnownTask {
    if (this.away) throw new Problem('service_unavailable');
    const task = this.tasks.get(id);
    if (task?.ownerId !== ownerId) throw new Problem('not_found');
    return task;
  }
}
