import { setTimeout as delay } from 'node:timers/promises';
import { generationProgressed, generationSucceeded, taskDispatched, taskRemoved } from '#contracts';
import { eventually, mentionsOf } from '#testing';
import { aDispatch } from './a-generation.js';
import { artifacts, bridgeOfSuite, inAMinute } from './bridge.js';

describe('who has an attempt', () => {
  const heartbeatMs = 1000;
  const bridge = bridgeOfSuite({ WORKER_HEARTBEAT_MS: heartbeatMs });
  const cancels = (task_id: string) =>
    bridge.worker.controls.filter((control) => control.task_id === task_id).map((control) => ({ ...control, at: '' }));
  const progressOf = (task_id: string) =>
    bridge.task.heardOf(generationProgressed).filter((progress) => progress.task_id === task_id);

  it('goes on with it while a second one that accepted it too is told to stop, by its name', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    bridge.worker.say({ ...eventOf({ type: 'accepted' }), worker_id: 'worker-2' });
    const toStop = { v: 2, type: 'cancel', at: '', ...attempt, reason: 'stale', worker_id: 'worker-2' };
    await eventually(() => expect(cancels(attempt.task_id)).toEqual([toStop]));
    bridge.worker.say(eventOf({ type: 'progress', percent: 5 }));
    await eventually(() => expect(progressOf(attempt.task_id)).toHaveLength(1));
    expect(cancels(attempt.task_id)).toHaveLength(1);
  });

  it('loses it when it has a successor, and then everybody is told to stop the old one', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    await bridge.task.announce(taskDispatched, aDispatch({ ...attempt, attempt: 2, deadline_at: inAMinute() }));
    await eventually(() =>
      expect(bridge.worker.jobs).toContainEqual(expect.objectContaining({ ...attempt, attempt: 2 })),
    );
    bridge.worker.say({ ...eventOf({ type: 'progress', percent: 5 }), worker_id: 'worker-2' });
    await eventually(() =>
      expect(cancels(attempt.task_id)).toEqual([{ v: 1, type: 'cancel', at: '', ...attempt, reason: 'stale' }]),
    );
  });

  it('keeps it while what it delivered is taken over, however long that takes', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    bridge.worker.say(eventOf({ type: 'progress', percent: 90, stage: 'export' }));
    await eventually(() => expect(progressOf(attempt.task_id)).toHaveLength(1));
    bridge.adopt = () => delay(3.5 * heartbeatMs);
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationSucceeded)).toContainEqual(expect.objectContaining(attempt)),
    );
    const reports = progressOf(attempt.task_id).slice(1);
    expect(reports).toEqual(Array.from({ length: 4 }, () => ({ ...attempt, percent: 90, stage: 'store' })));
    await delay(1.5 * heartbeatMs);
    expect(progressOf(attempt.task_id)).toHaveLength(5);
  });

  it('is told to stop when the task is removed, and nothing of it is remembered', async () => {
    const { attempt, job } = await bridge.accepted();
    await bridge.task.announce(taskRemoved, { task_id: job.task_id, owner_id: job.task_id });
    await eventually(() =>
      expect(cancels(job.task_id)).toEqual([{ v: 1, type: 'cancel', at: '', ...attempt, reason: 'user' }]),
    );
    await eventually(async () => expect(await mentionsOf(bridge.schema, job.task_id)).toEqual({}));
  });

  it('is told with the job until when it is worth beginning', async () => {
    const dispatch = aDispatch({ lease_seconds: 7, deadline_at: inAMinute() });
    await bridge.task.announce(taskDispatched, dispatch);
    await bridge.worker.jobOf(dispatch.task_id);
    const leftMs = bridge.worker.deadlines.get(dispatch.task_id)! - Date.now();
    expect([leftMs > 5000, leftMs <= 7000]).toEqual([true, true]);
  });
});
