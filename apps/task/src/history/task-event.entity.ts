import { EntitySchema } from 'typeorm';
import type { TaskState } from './task-state.js';

/** The task as it was after one change. */
export interface StoredTaskEvent {
  taskId: string;
  /** One more than that of the change before. */
  seq: number;
  state: TaskState;
  createdAt: Date;
}

export const TaskEventEntity = new EntitySchema<StoredTaskEvent>({
  name: 'TaskEvent',
  tableName: 'task_events',
  columns: {
    taskId: { type: 'uuid', name: 'task_id', primary: true },
    seq: { type: 'integer', primary: true },
    state: { type: 'jsonb' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
