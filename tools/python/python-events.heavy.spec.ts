import { randomUUID } from 'node:crypto';
import { eventually } from '#testing';
import { exactWorkerEvent, type Job } from '#worker-contract';
import type { Plan } from '../conformance/attempts.js';
import { Workers } from '../conformance/workers.js';
import { describeWith } from '../debian/describe-with.js';
import { FakeBridge, token } from './fake-bridge.js';

describeWith(['python'], 'the events of the Python package', () => {
  const bridge = new FakeBridge();
  let workers: Workers;
  beforeAll(async () => {
    await bridge.start();
    workers = new Workers(() => ({
      args: ['-m', 'lathe_worker', 'conforming:generate', '--transport', 'http', '--url', bridge.url],
      env: { LATHE_TOKEN: token },
    }));
    await workers.start();
  });
  afterAll(async () => {
    await workers.stop();
    await bridge.stop();
  });

  const handOver = (plan: Plan): string => {
    const task_id = randomUUID();
    bridge.hand(aJob(task_id, plan));
    return task_id;
  };
  const aJob = (task_id: string, plan: Plan): Job => ({
    v: 1,
    task_id,
    attempt: 1,
    lease_token: randomUUID(),
    operation: 'text_to_3d',
    params: { prompt: JSON.stringify(plan) },
    inputs: [],
    outputs: [
      { name: 'model.glb', format: 'glb', url: `${bridge.url}/model.glb`, max_bytes: 1000 },
      { name: 'preview.png', format: 'png', url: `${bridge.url}/preview.png`, max_bytes: 1000 },
    ],
    deadline_at: new Date(Date.now() + 60_000).toISOString(),
    budget_ms: 60_000,
    heartbeat_ms: 1000,
  });

  it.each<[string, Plan]>([
    ['succeeded', { do: 'make' }],
    ['failed', { do: 'fail', code: 'out_of_memory' }],
    ['failed', { do: 'crash' }],
    ['canceled', { do: 'wait', gate: 'closed' }],
  ])('fit the published schema when a job has %s', async (end, plan) => {
    const task = handOver(plan);
    if (end === 'canceled') bridge.cancel(task);
    await eventually(() => expect(bridge.typesOf(task).at(-1)).toBe(end), 20_000);
    const events = bridge.events.map((event) => exactWorkerEvent(event)).filter(({ task_id }) => task_id === task);
    expect(events[0]?.type).toBe('accepted');
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  });
});
