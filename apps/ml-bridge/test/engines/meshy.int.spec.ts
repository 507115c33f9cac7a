import { generationCanceled, generationFailed, taskCancelRequested } from '#contracts';
import { eventually } from '#testing';
import { aCatalogueModel } from '../a-generation.js';
import { bridgeOfSuite } from '../bridge.js';
import { alsoWithModels } from '../more-models.js';
import { Store } from '../store.js';
import { aGlb } from './a-glb.js';
import { FilesStandIn } from './files-stand-in.js';
import { MeshyStandIn } from './meshy-stand-in.js';

const files = new FilesStandIn(aGlb());
const server = new MeshyStandIn(files);
const transport = { type: 'server' as const, engine: 'meshy' as const, url: '', apiKey: server.key, options: {} };
const stages = ['waiting', 'generate', 'texture', 'deliver'].map((name) => ({ name, deadlineSeconds: 60, weight: 1 }));
const model = aCatalogueModel({ transport, stages, finish: true });

describe('a model that is paid for at Meshy', () => {
  const store = new Store();
  alsoWithModels({ ...model, offer: { ...model.offer, id: 'meshy' } });
  beforeAll(async () => {
    await Promise.all([server.start(), files.start(), store.start()]);
    Object.assign(transport, { url: server.url, options: { download_origins: [files.url] } });
  });
  const bridge = bridgeOfSuite({ WORKER_HEARTBEAT_MS: 1000 });
  afterAll(() => Promise.all([server.stop(), files.stop(), store.stop()]));
  beforeEach(() => {
    bridge.store = store.url;
    store.files.clear();
    server.reset();
  });

  const dispatch = async () => {
    const { task_id, attempt } = await bridge.dispatch({ model: 'meshy', params: {} });
    return { task_id, attempt };
  };
  const untilHeard = (line: RegExp): Promise<void> => eventually(() => expect(server.heardOf(line)).not.toEqual([]));

  it('is paid for once, also when the bridge is restarted while it is ordered', async () => {
    const { open } = server.shut();
    await dispatch();
    await untilHeard(/^POST/);
    const restarted = bridge.restart();
    open();
    await restarted;
    await eventually(() => expect(store.files.get('/raw.glb')).toEqual(aGlb()), 25_000);
    expect(server.tasks.map(({ body }) => body.mode)).toEqual(['preview', 'refine']);
    expect(server.heardOf(/^POST/)).toHaveLength(2);
  }, 60_000);

  it('is given up for good when nobody knows whether it is being made', async () => {
    server.trap(/^POST/, 'lose');
    const attempt = await dispatch();
    const error = expect.objectContaining({ code: 'engine_unavailable', retryable: false }) as unknown;
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual(expect.objectContaining({ ...attempt, error })),
    );
    expect(server.heardOf(/^POST/)).toHaveLength(1);
  });

  it('is deleted there when its task is canceled', async () => {
    server.hold = 'IN_PROGRESS';
    const attempt = await dispatch();
    await untilHeard(/^GET .*text-to-3d/);
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    await eventually(() => expect(bridge.task.heardOf(generationCanceled)).toContainEqual(attempt));
    expect(server.heardOf(/^DELETE/)).toHaveLength(1);
    expect(server.tasks).toEqual([]);
  });
});
