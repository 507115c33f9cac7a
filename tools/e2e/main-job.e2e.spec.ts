import path from 'node:path';
import { unzipSync } from 'fflate';
import { modelFormats, type TaskView } from '#contracts';
import { measureMesh, readGlb, sceneOf, validateGlb } from '#mesh';
import { eventually } from '#testing';
import { type Account, ComposedSystem } from './composed-system.js';

const samplePicture = path.resolve('tools/demo/sample.png');
const formats = ['glb', 'obj', 'fbx'];
const previews = ['preview', 'preview-right', 'preview-back', 'preview-left'].flatMap((view) => [
  `${view}.png`,
  `${view}-256.png`,
]);

jest.setTimeout(300_000);

describe('the composed system', () => {
  let system: ComposedSystem;
  let ada: Account;

  beforeAll(async () => {
    system = await ComposedSystem.start({ LEASE_SECONDS: '6', WORKER_HEARTBEAT_MS: '1000' });
    ada = await system.account();
  });

  afterAll(() => system?.stop());

  /** The magic bytes, the media type and the name of a result. */
  const resultOf = async (id: string, format: string): Promise<Buffer> => {
    const answer = await ada.bytes(`/generate/${id}/result?format=${format}`);
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="model/);
    expect(Number(answer.headers['content-length'])).toBe((answer.body as Buffer).length);
    return answer.body as Buffer;
  };

  it.each([
    ['a picture', null, 'picture', 900],
    ['an English prompt', 'a red ceramic mug', 'shape', 3000],
    ['a Russian prompt', 'рыжая кошка', 'emoji', 3000],
  ])('makes a model from %s in every format', async (_, prompt, method, polycount) => {
    const source = prompt
      ? { prompt }
      : { images: [{ file_id: (await ada.post('/upload').attach('file', samplePicture).expect(201)).body.file_id }] };
    const params = { seed: 7, target_polycount: polycount, texture_resolution: 256 };
    const id = await ada.generate({ ...source, params, output_formats: formats, metadata: { order: '12' } });
    const task = await ada.ended(id);
    expect(task).toMatchObject({ status: 'succeeded', progress: 100, error: null, metadata: { order: '12' }, params });
    expect(task.quality_report).toMatchObject({
      engine: 'reference',
      method,
      matched: expect.any(String),
      confidence: expect.any(Number),
      watertight: true,
      gltf_validator: { errors: 0 },
    });
    expect(task.artifacts.map(({ format }) => format)).toEqual([...formats, ...previews.map(() => 'png')]);

    const glb = await resultOf(id, 'glb');
    expect((await validateGlb(glb)).errors).toBe(0);
    const document = await readGlb(glb);
    const { triangles, watertight, textures } = measureMesh(await sceneOf(document));
    expect({ triangles, watertight }).toEqual({ triangles: task.quality_report!.triangles, watertight: true });
    expect(triangles).toBeLessThanOrEqual(polycount);
    for (const { width, height } of textures) expect(Math.max(width, height)).toBeLessThanOrEqual(256);
    expect(document.getRoot().getAsset().extras).toMatchObject({ engine: 'reference', confidence: expect.any(Number) });
    expect(Object.keys(unzipSync(await resultOf(id, 'obj')))).toEqual(
      expect.arrayContaining(['model.obj', 'model.mtl']),
    );
    expect((await resultOf(id, 'fbx')).subarray(0, 20).toString('latin1')).toBe('Kaydara FBX Binary  ');
    const preview = await ada.bytes(task.artifacts.at(-1)!.url);
    expect((preview.body as Buffer).subarray(1, 4).toString()).toBe('PNG');
  });

  describe('makes of one model', () => {
    let made: TaskView;

    beforeAll(async () => {
      const id = await ada.generate({
        prompt: 'a red ceramic mug',
        params: { seed: 7, target_polycount: 2000, texture_resolution: 256 },
        output_formats: modelFormats,
      });
      made = await ada.ended(id);
    });

    it('files of all formats, and previews from four sides in two sizes', async () => {
      const names = modelFormats.map((format) => `model.${format === 'obj' ? 'obj.zip' : format}`);
      expect(made.artifacts.map(({ name }) => name)).toEqual([...names, ...previews]);
      const triangles = Number(made.quality_report!.triangles);
      const stl = await resultOf(made.task_id, 'stl');
      expect([stl.readUInt32LE(80), stl.length]).toEqual([triangles, 84 + 50 * triangles]);
      expect((await resultOf(made.task_id, 'ply')).toString('latin1')).toMatch(
        new RegExp(`^ply\n[^]*element face ${triangles}\n`),
      );
      expect(Object.keys(unzipSync(await resultOf(made.task_id, 'usdz')))).toContainEqual(
        expect.stringMatching(/\.usda$/),
      );
      expect(Object.keys(unzipSync(await resultOf(made.task_id, '3mf')))).toContain('3D/3dmodel.model');
      const pictures = made.artifacts.filter(({ kind }) => kind === 'preview');
      expect(pictures.map(({ width, height }) => [width, height])).toEqual(
        previews.map((name) => (name.includes('256') ? [256, 256] : [512, 512])),
      );
    });

    it('another one in other formats, lighter and in millimetres', async () => {
      const wanted = { output_formats: ['stl', 'glb'], target_polycount: 300, size_mm: 80, compression: 'meshopt' };
      const answer = await ada.post(`/generate/${made.task_id}/convert`, wanted).expect(202);
      const { task_id, source_task_id, mesh } = answer.body as TaskView;
      expect(answer.headers.location).toBe(`/generate/${task_id}`);
      expect({ source_task_id, mesh }).toEqual({
        source_task_id: made.task_id,
        mesh: { file_id: made.artifacts[0]!.file_id },
      });
      const { status, quality_report } = await ada.ended(task_id);
      expect({ status, quality_report }).toMatchObject({
        status: 'succeeded',
        quality_report: { engine: 'reference', matched: made.quality_report!.matched, watertight: true },
      });
      const stl = await resultOf(task_id, 'stl');
      expect(stl.readUInt32LE(80)).toBe(quality_report!.triangles);
      expect(stl.readUInt32LE(80)).toBeLessThanOrEqual(300);
      const glb = await resultOf(task_id, 'glb');
      expect(glb.toString('latin1')).toContain('EXT_meshopt_compression');
      const { bounds } = measureMesh(await sceneOf(await readGlb(glb)));
      expect(Math.max(...bounds.max.map((high, axis) => high - bounds.min[axis]!))).toBeCloseTo(0.08, 4);
    });

    it('another one of its file, sent by somebody else', async () => {
      const bob = await system.account();
      const glb = await resultOf(made.task_id, 'glb');
      const { body: file } = await bob.post('/upload').attach('file', glb, 'mug.glb').expect(201);
      expect(file).toMatchObject({ media_type: 'model/gltf-binary', kind: 'input' });
      const mesh = { file_id: file.file_id as string };
      const id = await bob.generate({ model: 'convert', mesh, output_formats: ['3mf'] });
      const task = await bob.ended(id);
      expect(task).toMatchObject({ status: 'succeeded', mesh, source_task_id: null });
      expect(task.quality_report).toMatchObject({ triangles: made.quality_report!.triangles, engine: 'reference' });
      expect(task.artifacts.map(({ name }) => name)).toEqual(['model.3mf', ...previews]);
      await bob.delete(`/files/${file.file_id as string}`).expect(204);
    });
  });

  it('gives the same model for the same seed', async () => {
    const make = async (): Promise<string> => {
      const id = await ada.generate({ prompt: 'a wooden chair', params: { seed: 5 } });
      return (await ada.ended(id)).artifacts.find(({ format }) => format === 'glb')!.sha256;
    };
    expect(await make()).toBe(await make());
  });

  it('takes pictures with the request itself', async () => {
    const { body } = await ada
      .post('/generate')
      .field('output_formats', '["glb"]')
      .attach('image', samplePicture)
      .expect(202);
    expect(body).toMatchObject({ status: 'queued', images: [{ view: 'front' }] });
    expect((await ada.ended(body.task_id)).status).toBe('succeeded');
  });

  const slow = {
    prompt: 'рыжая кошка',
    params: { geometry_resolution: 512, target_polycount: 200_000 },
    output_formats: formats,
  };

  it('cancels a running task, whose engine stops and takes the next', async () => {
    const id = await ada.generate(slow);
    const waiting = await ada.generate({ prompt: 'a wooden chair' });
    await ada.taskWhen(id, ({ status }) => status === 'running');
    const canceling = await ada.post(`/generate/${id}/cancel`).expect(202);
    expect(['canceling', 'canceled']).toContain(canceling.body.status);
    expect(await ada.ended(id)).toMatchObject({ status: 'canceled', artifacts: [] });
    await ada.post(`/generate/${id}/cancel`).expect(200);
    const { body } = await ada.get(`/generate/${id}/result`).expect(409);
    expect(body.code).toBe('task_canceled');
    expect((await ada.ended(waiting)).status).toBe('succeeded');
  });

  it('cancels a waiting task at once', async () => {
    const ahead = await ada.generate(slow);
    const waiting = await ada.generate({ prompt: 'a star' });
    const { body } = await ada.post(`/generate/${waiting}/cancel`).expect(202);
    expect(body.status).toBe('canceled');
    await ada.post(`/generate/${ahead}/cancel`);
    await ada.ended(ahead);
  });

  it('ends a task that cannot be done with its reason', async () => {
    const { body: empty } = await ada
      .post('/upload')
      .attach('file', await aBlankPicture(), 'blank.png')
      .expect(201);
    const id = await ada.generate({ images: [{ file_id: empty.file_id }] });
    expect(await ada.ended(id)).toMatchObject({ status: 'failed', error: { code: 'bad_input', retryable: false } });
    expect((await ada.get(`/generate/${id}/result`).expect(409)).body.code).toBe('task_failed');
  });

  it('keeps accounts, tasks and files apart', async () => {
    const id = await ada.generate({ prompt: 'a star' });
    const { artifacts } = await ada.ended(id);
    const eve = await system.account();
    const file = artifacts[0]!.url;
    for (const place of [`/generate/${id}`, `/generate/${id}/result`, file, `${file}/metadata`]) {
      expect((await eve.get(place).expect(404)).body.code).toBe('not_found');
    }
    await eve.post(`/generate/${id}/cancel`).expect(404);
    const stolen = { images: [{ file_id: artifacts.at(-1)!.file_id }] };
    expect((await eve.post('/generate', stolen).expect(422)).body.code).toBe('file_not_found');
    await system.api.get(`/generate/${id}`).expect(401);
  });

  it('renews its tokens and knows its owner', async () => {
    const { body: profile } = await ada.get('/auth/profile').expect(200);
    expect(profile).toMatchObject({ email: ada.credentials.email, usage: { queued: 0, running: 0 } });
    expect(profile.usage.files).toBeGreaterThan(10);
    const { body: again } = await system.api.post('/auth/login').send(ada.credentials).expect(200);
    const refresh = (refresh_token: string) => system.api.post('/auth/refresh').send({ refresh_token });
    const { body: pair } = await refresh(again.refresh_token).expect(200);
    expect(pair.access_token).not.toBe(again.access_token);
    const { body: repeated } = await refresh(again.refresh_token).expect(200);
    expect(repeated.refresh_token).toBe(pair.refresh_token);
    await refresh(pair.refresh_token).expect(200);
    await refresh(again.refresh_token).expect(401);
  });

  it.each(['gateway', 'auth', 'task', 'storage', 'ml-bridge', 'engine-1'])(
    'brings a task to its end although %s is killed in the middle',
    async (name) => {
      const id = await ada.generate({
        prompt: 'рыжая кошка',
        params: { geometry_resolution: 384 },
        output_formats: formats,
      });
      await ada.taskWhen(id, ({ status }) => status === 'running');
      const { pid } = system.services.processes.get(name)!;
      system.services.processes.get(name)!.kill('SIGKILL');
      expect((await ada.ended(id)).status).toBe('succeeded');
      await eventually(() => expect(system.services.processes.get(name)!.pid).not.toBe(pid));
      await eventually(() => ada.get('/auth/profile').expect(200), 30_000);
    },
  );

  it('heals after the broker was killed', async () => {
    const rabbitmq = system.stack.servers.get('rabbitmq')!;
    rabbitmq.kill('SIGKILL');
    await eventually(async () => expect((await ada.get('/auth/profile')).status).toBe(503));
    await rabbitmq.stop();
    await rabbitmq.start();
    const id = await eventually(() => ada.generate({ prompt: 'a star' }), 60_000, 1000);
    expect((await ada.ended(id)).status).toBe('succeeded');
  });
});

async function aBlankPicture(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width: 64, height: 64, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
}
