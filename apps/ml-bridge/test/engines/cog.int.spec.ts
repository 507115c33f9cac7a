import { generationCanceled, generationProgressed, taskCancelRequested } from '#contracts';
import { eventually } from '#testing';
import { aCatalogueModel } from '../a-generation.js';
import { bridgeOfSuite } from '../bridge.js';
import { alsoWithModels } from '../more-models.js';
import { Store } from '../store.js';
import { aGlb } from './a-glb.js';
import { CogStandIn } from './cog-stand-in.js';

const transport = { type: 'server' as const, engine: 'cog' as const, url: '', apiKey: null, options: {} };
const stages = [{ name: 'generate', deadlineSeconds: 60, weight: 1 }];
const model = aCatalogueModel({ transport, stages, finish: true });

describe('a model in a container made by Cog', () => {
  const server = new CogStandIn();
  const store = new Store();
  alsoWithModels({ ...model, offer: { ...model.offer, id: 'cog' } });
  beforeAll(async () => {
    await Promise.all([server.start(), store.start()]);
    transport.url = server.url;
  });
  const bridge = bridgeOfSuite({ WORKER_HEARTBEAT_MS: 1000 });
  afterAll(() => Promise.all([server.stop(), store.stop()]));
  beforeEach(() => {
    bridge.store = store.url;
    store.files.clear();
    server.runs.length = 0;
  });

  const dispatch = async () => {
    const { task_id, attempt } = await bridge.dispatch({ model: 'cog' });
    return { task_id, attempt };
  };
  const untilRuns = (count: number): Promise<void> => eventually(() => expect(server.runs).toHaveLength(count));

  it('is made there and delivered, also when the bridge is restarted in the middle', async () => {
    server.holds = true;
    const attempt = await dispatch();
    await untilRuns(1);
    await eventually(() =>
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 0, stage: 'generate' }),
    );
    await bridge.restart();
    await untilRuns(2);
    server.release();
    await eventually(() => expect(store.files.get('/raw.glb')).toEqual(aGlb()));
    expect(server.runs).toEqual(Array.from({ length: 2 }, () => ({ prompt: 'a low-poly fox', seed: 1 })));
  });

  it('stops when its task is canceled', async () => {
    server.holds = true;
    const attempt = await dispatch();
    await untilRuns(1);
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attempt));
    await eventually(async () => {
      const health = await fetch(`${server.url}/health-check`);
      expect(await health.json()).toEqual({ status: 'READY' });
    });
    expect(store.files.size).toBe(0);
  });
});
