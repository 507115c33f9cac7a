import { randomUUID } from 'node:crypto';
import type { Job } from '#worker-contract';
import { leaseToken, now } from './a-generation.js';

/** A job of an engine that is not ours; say only what the test is about. */
export const aJob = (about: Partial<Job> = {}): Job => ({
  v: 1,
  task_id: randomUUID(),
  attempt: 1,
  lease_token: leaseToken,
  operation: 'text_to_3d',
  model: 'one',
  params: {},
  inputs: [],
  outputs: [{ name: 'raw.glb', format: 'glb', url: 'http://store/raw.glb', max_bytes: 1000 }],
  deadline_at: new Date(now.getTime() + 60_000).toISOString(),
  budget_ms: 60_000,
  heartbeat_ms: 5000,
  ...about,
});
