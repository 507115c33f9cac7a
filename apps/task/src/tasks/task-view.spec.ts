import { aRunningTask, aTask, now } from '../../test/a-task.js';
import { viewOf } from './task-view.js';

describe("an owner's view of a task", () => {
  it('shows a position only while the task waits', () => {
    expect(viewOf(aTask(), 3).queue_position).toBe(3);
    expect(viewOf(aRunningTask(), 3).queue_position).toBeNull();
  });

  it('measures waiting and running in milliseconds', () => {
    const times = {
      createdAt: now,
      startedAt: new Date(now.getTime() + 1500),
      completedAt: new Date(now.getTime() + 4000),
    };
    expect(viewOf(aTask({ status: 'succeeded', ...times, attempt: 1 }), null).metrics).toEqual({
      queue_ms: 1500,
      execution_ms: 2500,
      attempts: 1,
    });
  });

  it('gives every artifact an address and tells nothing of leases', () => {
    const artifact = { kind: 'model', format: 'glb', file_id: 'f1', size_bytes: 1, sha256: 'a'.repeat(64) } as const;
    const view = viewOf(aRunningTask({ artifacts: [artifact] }), null);
    expect(view.artifacts).toEqual([{ ...artifact, url: '/files/f1' }]);
    expect(JSON.stringify(view)).not.toContain('x'.repeat(32));
  });
});
