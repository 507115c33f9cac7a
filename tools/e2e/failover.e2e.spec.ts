import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskPage, TaskView } from '#contracts';
import { eventually } from '#testing';
import type { Child } from '../local-stack/processes/child.js';
import { anEngine } from './an-engine.js';
import { type Account, ComposedSystem } from './composed-system.js';

jest.setTimeout(300_000);

/** Two models of our own engine, each with workers of its own; what leaves the choice to us goes to `weak` while it can. */
const models = `
version: 1
models:
  - { id: reference, name: Steady, engine: reference, description: Stays, inputs: [prompt], max_images: 0, finish: false,
      transport: { type: amqp, pool: reference }, parameters: { seed: {}, target_polycount: {}, texture_resolution: {} },
      license: { name: MIT }, weight: 1 }
  - { id: weak, name: Weak, engine: reference, description: Dies, inputs: [prompt], max_images: 0, finish: false,
      transport: { type: amqp, pool: weak }, parameters: { seed: {}, target_polycount: {}, texture_resolution: {} },
      license: { name: MIT }, weight: 5 }
`;
const settings = { LEASE_SECONDS: '4', WORKER_HEARTBEAT_MS: '1000' };

describe('two engines under load', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-failover-'));
  let system: ComposedSystem;
  let ada: Account;
  let weak: Child;
  const begun: string[] = [];

  beforeAll(async () => {
    const MODELS_FILE = path.join(folder, 'models.yaml');
    writeFileSync(MODELS_FILE, models);
    system = await ComposedSystem.start({ ...settings, MODELS_FILE, ENGINE_POOLS: 'reference' });
    ada = await system.account();
    weak = await anEngine(system, 'weak', { ...settings, ENGINE_POOLS: 'weak' });
    await untilWeakIsReady();
  });
  afterAll(async () => {
    await weak?.stop(0, 'SIGKILL');
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const untilWeakIsReady = (): Promise<void> =>
    eventually(
      async () => {
        const { body } = await system.api.get('/models').expect(200);
        expect(body).toContainEqual(expect.objectContaining({ id: 'weak', status: 'ready' }));
      },
      60_000,
      200,
    );

  /** Half of them leave the choice to the service, half name both models. */
  const send = async (many: number): Promise<void> => {
    for (let nth = 0; nth < many; nth++) {
      const choice = nth % 2 === 0 ? { model: 'auto' } : { model: 'weak', fallback_models: ['reference'] };
      const params = { target_polycount: 500, texture_resolution: 64 };
      begun.push(await ada.generate({ ...choice, prompt: `a mug number ${nth}`, params }));
    }
  };
  const all = async (): Promise<TaskView[]> =>
    ((await ada.get('/generate?limit=100').expect(200)).body as TaskPage).items.filter(({ task_id }) =>
      begun.includes(task_id),
    );

  /** What is being stored was delivered already. */
  const isAtWork = ({ status, model, stage }: TaskView): boolean =>
    status === 'running' && model === 'weak' && stage !== 'store';

  /**
   * The weak engine is in the middle of a task, and does not end it any more: it stands still. What it said before it stopped has been
   * heard when the task is looked at again.
   */
  const freezeAtWork = (): Promise<string> =>
    eventually(
      async () => {
        weak.kill('SIGSTOP');
        const tasks = await all();
        const atWork = tasks.find(isAtWork);
        if (atWork) await delay(2000);
        if (atWork && isAtWork(await ada.task(atWork.task_id))) return atWork.task_id;
        weak.kill('SIGCONT');
        if (tasks.every(({ completed_at }) => completed_at !== null)) await send(1);
        throw new Error('the weak engine does nothing yet');
      },
      60_000,
      100,
    );

  const succeed = (): Promise<TaskView[]> =>
    eventually(
      async () => {
        const tasks = await all();
        expect(tasks.filter(({ status }) => status === 'failed' || status === 'expired')).toEqual([]);
        expect(tasks.filter(({ status }) => status === 'succeeded')).toHaveLength(begun.length);
        return tasks;
      },
      120_000, // so long only when the machine has other work
      400,
    );

  it('lose no task when one of them hangs', async () => {
    await send(3);
    const interrupted = await freezeAtWork();
    await send(1);
    const tasks = await succeed();
    expect(tasks.find(({ task_id }) => task_id === interrupted)).toMatchObject({ model: 'reference' });
  });

  it('lose no task when one of them, which had come back, is killed in the middle of one', async () => {
    begun.length = 0;
    weak.kill('SIGCONT');
    await untilWeakIsReady();
    await send(4);
    const interrupted = await freezeAtWork();
    weak.kill('SIGKILL');
    await send(2);
    const tasks = await succeed();
    const moved = tasks.find(({ task_id }) => task_id === interrupted)!;
    expect(moved).toMatchObject({ model: 'reference', fallback_models: ['weak'], progress: 100 });
    expect(moved.metrics.attempts).toBeGreaterThan(1);
    expect(tasks.filter(({ model }) => model === 'reference').length).toBeGreaterThanOrEqual(2);
  });
});
