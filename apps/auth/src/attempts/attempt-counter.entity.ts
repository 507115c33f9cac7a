import { EntitySchema } from 'typeorm';
import type { Counter } from './throttle.js';

export const AttemptCounterEntity = new EntitySchema<Counter>({
  name: 'AttemptCounter',
  tableName: 'attempt_counters',
  columns: {
    subject: { type: 'text', primary: true },
    attempts: { type: 'int' },
    countedAt: { type: 'timestamptz', name: 'counted_at' },
    blockedUntil: { type: 'timestamptz', name: 'blocked_until' },
  },
});
