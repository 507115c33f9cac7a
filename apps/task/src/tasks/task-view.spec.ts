import { anArtifact, aRunningTask, aTask, now } from '../../test/a-task.js';
import { type Outlook, viewOf } from './task-view.js';

const outlook: Outlook = { position: null, eta: null, retentionDays: 30 };

describe("an owner's view of a task", () => {
  it('measures waiting and running in milliseconds', () => {
    const times = {
      createdAt: now,
      startedAt: new Date(now.getTime() + 1500),
      completedAt: new Date(now.getTime() + 4000),
    };
    expect(viewOf(aTask({ status: 'succeeded', ...times, attempt: 1 }), outlook).metrics).toEqual({
      queue_ms: 1500,
      execution_ms: 2500,
      attempts: 1,
      cancel_ms: null,
    });
  });

  it('gives every artifact an address and tells nothing of leases', () => {
    const artifact = anArtifact({ file_id: 'f1' });
    const view = viewOf(aRunningTask({ artifacts: [artifact] }), outlook);
    expect(view.artifacts).toEqual([{ ...artifact, url: '/files/f1' }]);
    expect(JSON.stringify(view)).not.toContain('x'.repeat(32));
  });

  it('gives the artifacts of older releases the names they would have today', () => {
    const { name: _, ...glb } = anArtifact();
    const older = [glb, { ...glb, format: 'obj' }, { ...glb, kind: 'preview' as const, format: 'png' }];
    const names = viewOf(aTask({ artifacts: older }), outlook).artifacts.map(({ name }) => name);
    expect(names).toEqual(['model.glb', 'model.obj', 'preview.png']);
  });

  it('says what it converts', () => {
    const conversion = aTask({ mesh: { file_id: 'm' }, sourceTaskId: 't' });
    expect(viewOf(conversion, outlook)).toMatchObject({ mesh: { file_id: 'm' }, source_task_id: 't' });
    expect(viewOf(aTask(), outlook)).toMatchObject({ mesh: null, source_task_id: null });
  });

  it('says when an ended task goes, if ever, and how long its cancel took', () => {
    const canceled = aTask({ status: 'canceled', cancelRequestedAt: now, completedAt: new Date(now.getTime() + 800) });
    expect(viewOf(canceled, outlook)).toMatchObject({
      expires_at: '2026-01-31T00:00:00.800Z',
      metrics: { cancel_ms: 800 },
    });
    expect(viewOf(canceled, { ...outlook, retentionDays: 0 }).expires_at).toBeNull();
    expect(viewOf(aTask(), outlook).expires_at).toBeNull();
  });
});
