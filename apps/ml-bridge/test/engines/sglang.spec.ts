import { SglangAdapter } from '../../src/engines/sglang/sglang.client.js';
import { ARun, codeOf, givenUp, hasty, modelOf, patient, pictureOf } from './a-run.js';
import { SglangStandIn } from './sglang-stand-in.js';

describe('a server of SGLang', () => {
  const { signal } = new AbortController();
  let server: SglangStandIn;
  let adapter: SglangAdapter;

  const adapterWith = (options: Record<string, unknown> = {}, patience = hasty): SglangAdapter =>
    new SglangAdapter({ type: 'server', engine: 'sglang', url: server.url, apiKey: 'a-key', options }, patience);

  beforeEach(async () => {
    server = await new SglangStandIn().start();
    adapter = adapterWith();
  });
  afterEach(() => server.stop());

  it('makes a mesh of a picture', async () => {
    const run = new ARun({ params: { seed: 7, guidance_scale: 5.5, num_inference_steps: 30 } });
    await expect(modelOf(adapterWith({ model: 'tencent/Hunyuan3D-2' }), run)).resolves.toEqual(server.glb);
    expect(server.runs).toEqual([
      {
        image: pictureOf('front').toString(),
        model: 'tencent/Hunyuan3D-2',
        seed: 7,
        guidance_scale: 5.5,
        num_inference_steps: 30,
        output_format: 'glb',
      },
    ]);
    expect(run.stages).toEqual(['generate']);
    expect(run.remote).toEqual({ id: expect.any(String) });
    expect(server.heard.map(({ headers }) => headers.authorization)).toContain('Bearer a-key');
  });

  it.each([
    ['no picture', { params: { prompt: 'a mug' }, views: [] }],
    ['several pictures, of which it would use one', { views: ['front', 'back'] }],
    ['a parameter that it would ignore', { params: { octree_resolution: 256 } }],
  ])('is not sent %s', async (_, asked) => {
    expect(await codeOf(adapter.run(new ARun(asked)))).toBe('unsupported');
    expect(server.heard).toHaveLength(0);
  });

  it('goes on with what was remembered, without a second mesh', async () => {
    server.looks = Number.MAX_SAFE_INTEGER;
    const run = new ARun();
    await givenUp(adapter, run, 'generate');
    server.looks = 0;
    await expect(modelOf(adapterWith(), new ARun({ remote: run.remote }))).resolves.toEqual(server.glb);
    expect(server.runs).toHaveLength(1);
  });

  it('only forgets what it is told to stop', async () => {
    server.looks = Number.MAX_SAFE_INTEGER;
    const run = new ARun();
    const work = codeOf(adapter.run(run));
    await run.untilStage('generate');
    await adapter.stop(run.remote, signal);
    expect(server.heardOf(/^DELETE/)).toHaveLength(1);
    expect(await work).toBe('engine_unavailable');
    await expect(adapter.stop(run.remote, signal)).resolves.toBeUndefined();
    await expect(adapter.stop(null, signal)).resolves.toBeUndefined();
  });

  it('has lost the mesh when it was restarted', async () => {
    server.looks = Number.MAX_SAFE_INTEGER;
    const run = new ARun();
    await givenUp(adapter, run, 'generate');
    await server.restart();
    expect(await codeOf(adapter.run(new ARun({ remote: run.remote })))).toBe('engine_unavailable');
  });

  it.each([
    ['torch.OutOfMemoryError: CUDA out of memory', 'out_of_memory'],
    ['list index out of range', 'model_error'],
  ])('fails with the words of an exception: %s', async (error, code) => {
    server.end = { error };
    expect(await codeOf(adapter.run(new ARun()))).toBe(code);
  });

  it('may have put the mesh into its cloud, which has to be allowed', async () => {
    const cloud = await new SglangStandIn().start();
    cloud.trap(/mesh\.glb/, { body: server.glb });
    server.end = { url: `${cloud.url}/mesh.glb` };
    await expect(modelOf(adapterWith({ download_origins: [cloud.url] }), new ARun())).resolves.toEqual(server.glb);
    expect(cloud.heard[0]?.headers.authorization).toBeUndefined();
    expect(await codeOf(modelOf(adapter, new ARun()))).toBe('output_rejected');
    await cloud.stop();
  });

  it.each([
    ['a picture that it cannot read', { status: 400, json: { detail: 'secret words' } }, 'bad_input'],
    ['a field of the wrong type', { status: 422, json: { detail: [] } }, 'unsupported'],
    ['too much work', { status: 429, json: {} }, 'engine_unavailable'],
    ['a key that is not its own', { status: 401, json: {} }, 'engine_unavailable'],
    ['a job without an id', { json: { object: 'mesh' } }, 'engine_unavailable'],
    ['a job with an id that leads elsewhere', { json: { id: '../files' } }, 'engine_unavailable'],
  ])('refuses %s', async (_, reply, code) => {
    server.trap(/^POST/, reply);
    expect(await codeOf(adapter.run(new ARun()))).toBe(code);
    expect(server.heardOf(/^GET/)).toHaveLength(0);
  });

  it('is not sent a job twice when the answer is lost', async () => {
    server.trap(/^POST/, 'lose');
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
    expect(server.runs).toHaveLength(1);
  });

  it.each([
    ['an OBJ', { json: { status: 'completed', format: 'obj' } }, 'output_rejected'],
    ['a page', { body: '<html>' }, 'engine_unavailable'],
    ['a status of its own', { json: { status: 'running' } }, 'engine_unavailable'],
    ['no end within its time', { json: { status: 'queued', progress: 40 } }, 'worker_timeout'],
  ])('is not believed when it answers %s', async (_, reply, code) => {
    server.trap(/^GET .*a-mesh$/, reply);
    const run = new ARun({ remote: { id: 'a-mesh' } });
    expect(await codeOf(adapterWith({ job_seconds: 1 }).run(run))).toBe(code);
  });

  it('is asked again while it does not answer', async () => {
    server.trap(/^GET .*a-mesh$/, 'drop', 2).trap(/^GET .*a-mesh$/, { json: { status: 'completed', format: 'glb' } });
    server.trap(/content$/, { body: server.glb });
    await expect(modelOf(adapterWith({}, patient), new ARun({ remote: { id: 'a-mesh' } }))).resolves.toEqual(
      server.glb,
    );
  });

  it('is ready while its list can be read', async () => {
    expect(await adapter.isReady(signal)).toBe(true);
    server.trap(/^GET/, { status: 404, json: {} });
    expect(await adapter.isReady(signal)).toBe(false);
    await server.stop();
    expect(await adapter.isReady(signal)).toBe(false);
  });
});
