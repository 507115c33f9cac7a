import { hunyuan3d21 } from '../../src/engines/hunyuan3d/hunyuan3d-2.1.client.js';
import type { Hunyuan3dServer } from '../../src/engines/hunyuan3d/hunyuan3d-server.client.js';
import type { Patience } from '../../src/engines/poll.js';
import { aGlb } from './a-glb.js';
import { ARun, codeOf, givenUp, hasty, modelOf, patient, pictureOf } from './a-run.js';
import { Hunyuan3d21StandIn } from './hunyuan3d-2.1-stand-in.js';
import { jsonOf } from './stand-in.js';

describe('a stock server of Hunyuan3D-2.1', () => {
  const { signal } = new AbortController();
  let server: Hunyuan3d21StandIn;
  let adapter: Hunyuan3dServer;

  const adapterWith = (patience: Patience): Hunyuan3dServer =>
    hunyuan3d21({ type: 'server', engine: 'hunyuan3d-2.1', url: server.url, apiKey: null, options: {} }, patience);

  beforeEach(async () => {
    server = await new Hunyuan3d21StandIn().start();
    adapter = adapterWith(hasty);
  });
  afterEach(() => server.stop());

  it('makes a textured model of a picture, stage by stage', async () => {
    server.looks = 2;
    const run = new ARun();
    await expect(modelOf(adapter, run)).resolves.toEqual(aGlb());
    expect(run.stages).toEqual(['shape', 'texture']);
    const sent = jsonOf(server.heardOf(/^POST \/send/)[0]!);
    expect(sent).toEqual({ image: pictureOf('front').toString('base64'), texture: true });
  });

  it.each(['seed', 'octree_resolution', 'num_inference_steps', 'guidance_scale', 'face_count', 'remove_background'])(
    'is not sent %s, which it would check and drop',
    async (name) => {
      expect(await codeOf(adapter.run(new ARun({ params: { [name]: 1 } })))).toBe('unsupported');
      expect(server.heard).toHaveLength(0);
    },
  );

  it('is not believed when the model it calls completed has no texture', async () => {
    server.painting = 'is skipped by a fork';
    expect(await codeOf(adapter.run(new ARun()))).toBe('model_error');
    expect(await adapter.isReady(signal)).toBe(true);
  });

  it.each([
    ['shaping', 'shape'],
    ['painting', 'texture'],
  ] as const)('says nothing when %s failed, so that the time of the job ends it', async (part, stage) => {
    server[part] = 'fails';
    const run = new ARun();
    await givenUp(adapter, run, stage);
    const remote = { ...(run.remote as object), since: Date.now() - 899_950 };
    expect(await codeOf(adapter.run(new ARun({ remote })))).toBe('worker_timeout');
  });

  it('has forgotten the job when it is another process than before', async () => {
    server.looks = Number.MAX_SAFE_INTEGER;
    const run = new ARun();
    await givenUp(adapter, run, 'shape');
    await adapter.stop(run.remote);
    expect(await adapter.isReady(signal)).toBe(false);
    await server.restart();
    expect(await codeOf(adapter.run(new ARun({ remote: run.remote })))).toBe('engine_unavailable');
    expect(await adapter.isReady(signal)).toBe(true);
  });

  it('is asked again while it cannot read its own file', async () => {
    server.trap(/^GET \/status/, { status: 500, json: { status: 'error', message: 'Failed to read' } }, 2);
    await expect(modelOf(adapterWith(patient), new ARun())).resolves.toEqual(aGlb());
  });

  it.each([
    [{ status: 422, json: { detail: [{ loc: ['body', 'image'], msg: 'secret words' }] } }],
    [{ status: 500, json: { error: 'Failed to start generation' } }],
  ])('may refuse a job: %j', async (reply) => {
    server.trap(/^POST \/send/, reply);
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
  });

  it.each([{ json: { status: 'loading' } }, { status: 404, json: {} }, { body: 'ok' }])(
    'is not ready when its health is %j',
    async (reply) => {
      server.trap(/^GET \/health/, reply);
      expect(await adapter.isReady(signal)).toBe(false);
    },
  );
});
