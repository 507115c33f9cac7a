import { EntitySchema } from 'typeorm';
import type { TaskView } from '#contracts';

/** A key that an account has used, what it asked for with it, and what it was answered. */
export interface IdempotencyKey {
  ownerId: string;
  key: string;
  /** Of the request: the same key with another one is a mistake of the client's. */
  fingerprint: string;
  taskId: string;
  /** Null only within the transaction that makes the task. */
  answer: TaskView | null;
  createdAt: Date;
}

export const IdempotencyKeyEntity = new EntitySchema<IdempotencyKey>({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  columns: {
    ownerId: { type: 'uuid', name: 'owner_id', primary: true },
    key: { type: 'text', primary: true },
    fingerprint: { type: 'text' },
    taskId: { type: 'uuid', name: 'task_id' },
    answer: { type: 'json', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
