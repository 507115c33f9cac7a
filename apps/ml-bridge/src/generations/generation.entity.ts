import { EntitySchema } from 'typeorm';
import type { Generation } from './generation.js';

export const GenerationEntity = new EntitySchema<Generation>({
  name: 'Generation',
  tableName: 'generations',
  columns: {
    taskId: { type: 'uuid', name: 'task_id', primary: true },
    attempt: { type: 'integer', primary: true },
    ownerId: { type: 'uuid', name: 'owner_id' },
    requestId: { type: 'text', name: 'request_id', nullable: true },
    traceparent: { type: 'text', nullable: true },
    model: { type: 'text', nullable: true },
    leaseToken: { type: 'text', name: 'lease_token' },
    outputs: { type: 'jsonb' },
    finishing: { type: 'jsonb', nullable: true },
    status: { type: 'text' },
    workerId: { type: 'text', name: 'worker_id', nullable: true },
    lastSeq: { type: 'integer', name: 'last_seq' },
    stage: { type: 'text', nullable: true },
    percent: { type: 'smallint', default: 0 },
    cancelReason: { type: 'text', name: 'cancel_reason', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    heardAt: { type: 'timestamptz', name: 'heard_at', nullable: true },
    progressedAt: { type: 'timestamptz', name: 'progressed_at', nullable: true },
    stageSince: { type: 'timestamptz', name: 'stage_since', nullable: true },
  },
});
