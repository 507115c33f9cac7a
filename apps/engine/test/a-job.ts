import type { Job } from '#worker-contract';

let taskCount = 0;

/** A job of a task of its own, with one GLB to write; say only what the test is about. */
export const aJob = (about: Partial<Job> = {}): Job => ({
  v: 1,
  task_id: `0192f0c1-2a3b-7c4d-8e5f-${String(++taskCount).padStart(12, '0')}`,
  attempt: 1,
  lease_token: 'x'.repeat(32),
  operation: 'text_to_3d',
  params: {},
  inputs: [],
  outputs: [{ name: 'model.glb', format: 'glb', url: 'http://store/model.glb', max_bytes: 1000 }],
  deadline_at: '2036-01-01T00:00:00Z',
  budget_ms: 60_000,
  heartbeat_ms: 1000,
  ...about,
});
