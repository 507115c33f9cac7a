import { hunyuan3d2 } from '../../src/engines/hunyuan3d/hunyuan3d-2.client.js';
import type { Hunyuan3dServer } from '../../src/engines/hunyuan3d/hunyuan3d-server.client.js';
import { aGlb } from './a-glb.js';
import { ARun, codeOf, givenUp, hasty, modelOf, patient, pictureOf } from './a-run.js';
import { Hunyuan3d2StandIn } from './hunyuan3d-2-stand-in.js';
import { jsonOf, type Reply } from './stand-in.js';

const completed = (glb: Buffer): Reply => ({ json: { status: 'completed', model_base64: glb.toString('base64') } });

/** A run that goes on with a job which the server has, as far as anybody knows. */
const resumed = (): ARun => new ARun({ remote: { uid: 'a-job', since: Date.now(), process: null } });

describe('a stock server of Hunyuan3D-2', () => {
  const { signal } = new AbortController();
  let server: Hunyuan3d2StandIn;
  let adapter: Hunyuan3dServer;

  const adapterWith = (options: Record<string, unknown>, patience = hasty): Hunyuan3dServer =>
    hunyuan3d2({ type: 'server', engine: 'hunyuan3d-2', url: server.url, apiKey: null, options }, patience);

  beforeEach(async () => {
    server = await new Hunyuan3d2StandIn().start();
    adapter = adapterWith({ texture: true });
  });
  afterEach(() => server.stop());

  it('makes a model of a picture, and is heard of all the time', async () => {
    const run = new ARun({ params: { seed: 7, octree_resolution: 256, texture: true } });
    await expect(modelOf(adapter, run)).resolves.toEqual(server.glb);
    expect(jsonOf(server.heardOf(/^POST \/send/)[0]!)).toEqual({
      image: pictureOf('front').toString('base64'),
      seed: 7,
      octree_resolution: 256,
      texture: true,
      type: 'glb',
    });
    expect(run.reports.length).toBeGreaterThanOrEqual(2);
    expect(run.stages).toEqual(['generate']);
    expect(run.remote).toEqual({ uid: expect.any(String), since: expect.any(Number), process: null });
  });

  it.each([
    ['a text, whose pipeline is commented out', new ARun({ params: { prompt: 'a mug' }, views: [] })],
    ['a picture and a text', new ARun({ params: { prompt: 'a mug' } })],
    ['several pictures', new ARun({ views: ['front', 'back'] })],
    ['a parameter it would ignore', new ARun({ params: { face_limit: 1 } })],
  ])('is not sent %s', async (_, run) => {
    expect(await codeOf(adapter.run(run))).toBe('unsupported');
    expect(server.heard).toHaveLength(0);
  });

  it('is sent no texture when it cannot paint, and shapes without', async () => {
    const plain = adapterWith({});
    expect(await codeOf(plain.run(new ARun({ params: { texture: true } })))).toBe('unsupported');
    await expect(modelOf(plain, new ARun({ params: { texture: false } }))).resolves.toEqual(server.glb);
  });

  it('never says that a job failed: its time is over some day, and then the next one has its turn', async () => {
    const remote = { uid: 'a-job', since: Date.now() - 899_950, process: null };
    expect(await codeOf(adapter.run(new ARun({ remote })))).toBe('worker_timeout');
    await expect(modelOf(adapter, new ARun())).resolves.toEqual(server.glb);
  });

  it('goes on with what was remembered, without a second job', async () => {
    server.looks = Number.MAX_SAFE_INTEGER;
    const run = new ARun();
    await givenUp(adapter, run, 'generate');
    server.looks = 2;
    server.finishSoon();
    await expect(modelOf(adapterWith({}), new ARun({ remote: run.remote }))).resolves.toEqual(server.glb);
    expect(server.heardOf(/^POST \/send/)).toHaveLength(1);
  });

  it('gets no other job while one that was given up may still run', async () => {
    server.looks = 30;
    const run = new ARun();
    const work = adapter.run(run);
    await run.untilStage('generate');
    expect(await adapter.isReady(signal)).toBe(true);
    run.cancel();
    await expect(work).rejects.toThrow('canceled');
    await adapter.stop(run.remote);
    expect(await adapter.isReady(signal)).toBe(false);
    const next = new ARun();
    await expect(modelOf(adapter, next)).resolves.toEqual(server.glb);
    expect(next.stages).toEqual(['waiting', 'generate']);
    expect(server.mostAtOnce).toBe(1);
  });

  it('is asked about the job alone, as it does not tell whether it was restarted', async () => {
    server.trap(/a-job/, { json: { status: 'processing' } }, 2).trap(/a-job/, completed(server.glb));
    await modelOf(adapter, resumed());
    expect(new Set(server.heard.map(({ path }) => path))).toEqual(new Set(['/status/a-job']));
  });

  it('gets one job at a time, whoever asks', async () => {
    await Promise.all([1, 2, 3].map(() => modelOf(adapter, new ARun())));
    expect(server.mostAtOnce).toBe(1);
  });

  it('is left alone for the time of a job whose name was lost', async () => {
    server.trap(/^POST \/send/, 'lose', 1);
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
    expect(await adapter.isReady(signal)).toBe(false);
  });

  it('is asked again while it is busy with itself, and given up when it stays silent', async () => {
    server.trap(/a-job/, { status: 500, body: 'secret words' }, 2).trap(/a-job/, 'drop', 1);
    server.trap(/a-job/, completed(server.glb), 1);
    await expect(modelOf(adapterWith({ texture: true }, patient), resumed())).resolves.toEqual(server.glb);
    server.trap(/a-job/, { status: 500, body: 'secret words' });
    expect(await codeOf(adapter.run(resumed()))).toBe('engine_unavailable');
  });

  it('has lost the job when nobody listens any more', async () => {
    const run = new ARun();
    server.looks = Number.MAX_SAFE_INTEGER;
    const work = codeOf(adapter.run(run));
    await run.untilStage('generate');
    await server.stop();
    expect(await work).toBe('engine_unavailable');
    expect(await adapter.isReady(signal)).toBe(false);
    await adapter.stop(run.remote);
    await server.restart();
    expect(await adapter.isReady(signal)).toBe(true);
  });

  it('shows a file that it is still writing, which is waited for', async () => {
    const whole = aGlb({ padding: 300_000 });
    server.trap(/^GET \/status\/a-job/, completed(whole.subarray(0, 60)), 1);
    server.trap(/^GET \/status\/a-job/, completed(whole.subarray(0, 200_000)), 1);
    server.trap(/^GET \/status\/a-job/, completed(Buffer.alloc(0)), 1);
    server.trap(/^GET \/status\/a-job/, completed(whole));
    await expect(modelOf(adapter, resumed())).resolves.toEqual(whole);
  });

  it.each([
    ['what is no GLB', completed(Buffer.from('solid no-glb-at-all-but-long-enough')), 'output_rejected'],
    ['more than fits', { headers: { 'content-length': `${257 * 1024 ** 2}` }, body: '{' }, 'output_rejected'],
    ['a page', { body: '<html>' }, 'engine_unavailable'],
    ['a status that it does not have', { json: { status: 'toString' } }, 'engine_unavailable'],
  ])('is not believed when it answers %s', async (_, reply, code) => {
    server.trap(/^GET \/status\/a-job/, reply);
    expect(await codeOf(adapter.run(resumed()))).toBe(code);
    expect(await adapter.isReady(signal)).toBe(code === 'output_rejected');
  });

  it.each([
    ['a page', { body: '<html>' }],
    ['an id that leads elsewhere', { json: { uid: '../generate' } }],
  ])('is not believed when it takes a job with %s', async (_, reply) => {
    server.trap(/^POST \/send/, reply);
    expect(await codeOf(adapter.run(new ARun()))).toBe('engine_unavailable');
    expect(await adapter.isReady(signal)).toBe(true);
  });
});
