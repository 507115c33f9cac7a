import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import type { Task } from '../tasks/task.js';
import { type StoredTaskEvent, TaskEventEntity } from './task-event.entity.js';
import { stateOf } from './task-state.js';

/** Every query about the events of tasks. They are removed with their task. */
@Injectable()
export class TaskEventsRepository {
  constructor(private readonly database: DataSource) {}

  async add(tx: EntityManager, task: Task, createdAt: Date): Promise<void> {
    await tx.insert(TaskEventEntity, { taskId: task.id, seq: task.seq, state: stateOf(task) as never, createdAt });
  }

  /** Up to `limit` events after a number, oldest first. */
  after(taskId: string, seq: number, limit: number): Promise<StoredTaskEvent[]> {
    return this.database.manager.find(TaskEventEntity, {
      where: { taskId, seq: MoreThan(seq) },
      order: { seq: 'ASC' },
      take: limit,
    });
  }
}
