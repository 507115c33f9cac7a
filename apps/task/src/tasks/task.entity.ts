import { EntitySchema } from 'typeorm';
import { taskPriorities, type TaskPriority } from '#contracts';
import type { Task } from './task.js';

/** As a number, so that PostgreSQL can order by it. */
const priorityColumn = {
  to: (priority: TaskPriority): number => taskPriorities.indexOf(priority),
  from: (column: number): TaskPriority => taskPriorities[column]!,
};

/** The mapping is data; the domain type is the row type. */
export const TaskEntity = new EntitySchema<Task>({
  name: 'Task',
  tableName: 'tasks',
  columns: {
    id: { type: 'uuid', primary: true },
    ownerId: { type: 'uuid', name: 'owner_id' },
    requestId: { type: 'text', name: 'request_id', nullable: true },
    traceparent: { type: 'text', nullable: true },
    model: { type: 'text' },
    prompt: { type: 'text', nullable: true },
    negativePrompt: { type: 'text', name: 'negative_prompt', nullable: true },
    images: { type: 'jsonb' },
    mesh: { type: 'jsonb', nullable: true },
    sourceTaskId: { type: 'uuid', name: 'source_task_id', nullable: true },
    params: { type: 'jsonb' },
    paramsIgnored: { type: 'jsonb', name: 'params_ignored' },
    fallbacks: { type: 'jsonb', default: [] },
    outputFormats: { type: 'jsonb', name: 'output_formats' },
    metadata: { type: 'jsonb' },
    priority: { type: 'smallint', default: 1, transformer: priorityColumn },
    turn: { type: 'double precision', default: 0 },
    webhookUrl: { type: 'text', name: 'webhook_url', nullable: true },
    status: { type: 'text' },
    stage: { type: 'text', nullable: true },
    progress: { type: 'smallint' },
    attempt: { type: 'integer' },
    accepted: { type: 'boolean' },
    failures: { type: 'integer' },
    leaseToken: { type: 'text', name: 'lease_token', nullable: true },
    leaseUntil: { type: 'timestamptz', name: 'lease_until', nullable: true },
    runAfter: { type: 'timestamptz', name: 'run_after' },
    deadlineAt: { type: 'timestamptz', name: 'deadline_at' },
    cancelRequestedAt: { type: 'timestamptz', name: 'cancel_requested_at', nullable: true },
    error: { type: 'jsonb', nullable: true },
    artifacts: { type: 'jsonb' },
    qualityReport: { type: 'jsonb', name: 'quality_report', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    startedAt: { type: 'timestamptz', name: 'started_at', nullable: true },
    begunAt: { type: 'timestamptz', name: 'begun_at', nullable: true },
    completedAt: { type: 'timestamptz', name: 'completed_at', nullable: true },
    removedAt: { type: 'timestamptz', name: 'removed_at', nullable: true },
    seq: { type: 'integer', default: 0 },
  },
});
