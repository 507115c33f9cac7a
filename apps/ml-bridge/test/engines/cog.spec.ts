import { eventually } from '#testing';
import { CogAdapter } from '../../src/engines/cog/cog.client.js';
import { aGlb } from './a-glb.js';
import { ARun, codeOf, hasty, modelOf, pictureOf } from './a-run.js';
import { CogStandIn } from './cog-stand-in.js';

const dataUrl = (view: string): string => `data:image/png;base64,${pictureOf(view).toString('base64')}`;
const glbUrl = `data:model/gltf-binary;base64,${aGlb().toString('base64')}`;

describe('a container made by Cog', () => {
  const { signal } = new AbortController();
  let server: CogStandIn;
  let adapter: CogAdapter;

  const adapterWith = (options: Record<string, unknown> = {}): CogAdapter =>
    new CogAdapter({ type: 'server', engine: 'cog', url: server.url, apiKey: null, options }, hasty);
  /** The id of the prediction, once it runs. */
  const untilRunning = (run: ARun, times = 1): Promise<string> =>
    eventually(() => {
      if (server.runs.length < times) throw new Error('not yet');
      return (run.remote as { id: string }).id;
    });

  beforeEach(async () => {
    server = await new CogStandIn().start();
    adapter = adapterWith();
  });
  afterEach(() => server.stop());

  it('makes a model of a picture and a prompt', async () => {
    const run = new ARun({ params: { prompt: 'a mug', seed: 7 } });
    await expect(modelOf(adapter, run)).resolves.toEqual(aGlb());
    expect(server.runs).toEqual([{ prompt: 'a mug', seed: 7, image: dataUrl('front') }]);
    expect(server.heardOf(/^PUT/)[0]?.headers['prefer']).toBeUndefined();
  });

  it('is told pictures by address when it can reach the store, and every view under its name', async () => {
    server.inputs = ['input_image', 'left_image'];
    const inputs = { image: 'input_image', views: { left: 'left_image' } };
    const run = new ARun({ views: ['left', 'front'] });
    await modelOf(adapterWith({ pictures: 'url', inputs }), run);
    const [left, front] = run.job.inputs;
    expect(server.runs).toEqual([{ input_image: front?.url, left_image: left?.url }]);
  });

  it('is told all pictures as a list where it takes one, and what is the same for every task', async () => {
    server.inputs = ['images', 'generate_model'];
    const options = { inputs: { images: 'images' }, constants: { generate_model: true } };
    await modelOf(adapterWith(options), new ARun({ views: ['front', 'front'] }));
    expect(server.runs).toEqual([{ images: [dataUrl('front'), dataUrl('front')], generate_model: true }]);
    expect(await codeOf(adapterWith(options).run(new ARun({ params: { generate_model: false } })))).toBe('unsupported');
  });

  it.each([
    ['an input that it would strip', { params: { octree: 1 } }],
    ['a view that no input takes', { views: ['front', 'back'] }],
    ['two pictures from the front', { views: ['front', 'front'] }],
    ['a parameter with the name of the picture', { params: { image: 'x' } }],
  ])('is not sent %s', async (_, asked) => {
    expect(await codeOf(adapter.run(new ARun(asked)))).toBe('unsupported');
    expect(server.heardOf(/^PUT/)).toHaveLength(0);
  });

  it('is heard of while it works', async () => {
    server.holds = true;
    const run = new ARun();
    const work = modelOf(adapter, run);
    await eventually(() => expect(run.reports.length).toBeGreaterThan(2));
    expect(await adapter.isReady(signal)).toBe(true);
    server.release();
    await expect(work).resolves.toEqual(aGlb());
    expect(run.stages).toEqual(['generate']);
  });

  it('is waited for while it has no place, under a new id each time', async () => {
    const others = new AbortController();
    server.occupy(others.signal);
    expect(await adapter.isReady(signal)).toBe(false);
    const run = new ARun();
    const work = modelOf(adapter, run);
    await eventually(() => expect(server.heardOf(/^PUT/).length).toBeGreaterThan(1));
    others.abort();
    await expect(work).resolves.toEqual(aGlb());
    const ids = server.heardOf(/^PUT/).map(({ path }) => path);
    expect(new Set(ids).size).toBe(ids.length);
    expect(run.stages).toContain('waiting');
    expect(server.runs).toHaveLength(1);
  });

  it.each([
    ['CUDA out of memory. Tried to allocate 2 GiB', 'out_of_memory'],
    ['index 3 is out of bounds', 'model_error'],
  ])('fails with a 200: %s', async (error, code) => {
    server.end = { error };
    expect(await codeOf(adapter.run(new ARun()))).toBe(code);
    expect(server.runs).toHaveLength(1);
  });

  it.each([
    ['image', 'bad_input'],
    ['prompt', 'bad_input'],
    ['seed', 'unsupported'],
  ])('refuses a %s as %s', async (invalid, code) => {
    server.end = { invalid };
    expect(await codeOf(adapter.run(new ARun()))).toBe(code);
  });

  it('stops its prediction when the task is canceled', async () => {
    server.holds = true;
    const run = new ARun();
    const work = adapter.run(run);
    const id = await untilRunning(run);
    await adapter.stop(run.remote, signal);
    expect(server.canceled).toEqual([id]);
    expect(await codeOf(work)).toBe('engine_unavailable');
    await expect(adapter.stop(run.remote, signal)).resolves.toBeUndefined();
  });

  it('is left by a run that is given up, which ends its prediction', async () => {
    server.holds = true;
    const run = new ARun();
    const work = adapter.run(run);
    await untilRunning(run);
    run.cancel();
    await expect(work).rejects.toThrow('canceled');
    await eventually(async () => expect(await adapter.isReady(signal)).toBe(true));
  });

  it('makes a prediction anew after a restart of the bridge, and stops the one before', async () => {
    server.holds = true;
    const run = new ARun();
    const lost = adapter.run(run).catch(() => null);
    const id = await untilRunning(run);
    const again = new ARun({ remote: run.remote });
    const work = modelOf(adapterWith(), again);
    await untilRunning(again, 2);
    expect(server.canceled).toEqual([id]);
    server.release();
    await expect(work).resolves.toEqual(aGlb());
    expect(again.remote).not.toEqual(run.remote);
    await lost;
  });

  it.each(['drop', 'lose', 'cut'] as const)(
    'is not asked a second time when a connection breaks (%s)',
    async (trap) => {
      server.trap(/^PUT/, trap);
      expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
      expect(server.heardOf(/^PUT/)).toHaveLength(1);
      expect(server.heardOf(/^POST .*cancel$/)).toHaveLength(1);
    },
  );

  it('is given up when it dies, or is silent, or its health is gone', async () => {
    server.holds = true;
    server.trap(/^GET \/health-check/, 'drop');
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
    server.reset();
    server.trap(/^GET \/health-check/, { json: { status: 'DEFUNCT' } });
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
    server.reset();
    const run = new ARun();
    const work = codeOf(adapter.run(run));
    await run.untilStage('generate');
    await server.stop();
    expect(await work).toBe('engine_unavailable');
  });

  it('has a limit of time for one prediction', async () => {
    server.holds = true;
    const run = new ARun();
    expect(await codeOf(adapterWith({ job_seconds: 1 }).run(run))).toBe('worker_timeout');
    expect(server.canceled).toEqual([(run.remote as { id: string }).id]);
  });

  it.each(['STARTING', 'SETUP_FAILED', 'DEFUNCT', 'UNHEALTHY'] as const)('takes no work while %s', async (health) => {
    server.health = health;
    expect(await adapter.isReady(signal)).toBe(false);
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
  });

  describe('returns', () => {
    it('a file of any size', async () => {
      const glb = aGlb({ padding: 500_000 });
      server.end = { output: [`data:model/gltf-binary;base64,${glb.toString('base64')}`] };
      await expect(modelOf(adapter, new ARun())).resolves.toEqual(glb);
    });

    it.each([
      ['its only file', {}, glbUrl],
      ['a list of one', {}, [glbUrl]],
      ['several things, of which one is a GLB', {}, { video: 'https://a.invalid/x.mp4', mesh: glbUrl }],
      ['several things, of which one is named', { output: 'mesh' }, { mesh: glbUrl, other: glbUrl }],
      ['a file of no type', {}, glbUrl.replace('model/gltf-binary', 'application/octet-stream')],
    ])('%s', async (_, options, output) => {
      server.end = { output };
      await expect(modelOf(adapterWith(options), new ARun())).resolves.toEqual(aGlb());
    });

    it('the address of a file that it uploaded, of its own or an allowed host', async () => {
      const store = await new CogStandIn().start();
      store.trap(/out\.glb/, { body: aGlb() });
      server.end = { output: `${store.url}/out.glb` };
      await expect(modelOf(adapterWith({ download_origins: [store.url] }), new ARun())).resolves.toEqual(aGlb());
      expect(await codeOf(modelOf(adapter, new ARun()))).toBe('output_rejected');
      await store.stop();
    });

    it.each([[null], [[]], [7], [['https://a.invalid/1', 'https://a.invalid/2']], ['file:///etc/passwd']])(
      'nothing that is a file: %j',
      async (output) => {
        server.end = { output };
        expect(await codeOf(modelOf(adapter, new ARun()))).toBe('output_rejected');
      },
    );
  });
});
