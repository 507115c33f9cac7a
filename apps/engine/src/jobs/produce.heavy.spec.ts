import sharp from 'sharp';
import { modelFormats } from '#contracts';
import { Document, measureMesh, type MeshStatistics, readGlb, sceneOf, writeGlb } from '#mesh';
import type { ArtifactReport, Job } from '#worker-contract';
import { aJob } from '../../test/a-job.js';
import { AStore } from '../../test/a-store.js';
import { assetOf } from '../conversion/provenance.js';
import { produce, type Production } from './produce.js';

const models = modelFormats.map((format) => `model.${format === 'obj' ? 'obj.zip' : format}`);
/** Small ones: the painter is slow below Jest, whose globals are looked up one by one. */
const previews = ['preview-256.png', 'preview-left-256.png'];
const glbType = 'model/gltf-binary';

/** What a file of each format begins with. */
const beginnings: Record<string, string> = {
  'model.glb': 'glTF',
  'model.obj.zip': 'PK',
  'model.fbx': 'Kaydara FBX Binary  ',
  'model.ply': 'ply\nformat binary_little_endian 1.0\n',
  'model.usdz': 'PK',
  'model.3mf': 'PK',
};

jest.setTimeout(60_000);

describe('what an engine delivers', () => {
  const store = new AStore();
  const told: [string, number][] = [];
  let generated: Production;
  let glb: Buffer;

  const run = (about: Partial<Job>): Promise<Production> =>
    produce(aJob(about), (stage, percent) => told.push([stage, percent]));
  const convert = (content: Uint8Array, params: Job['params'], ...names: string[]): Promise<Production> => {
    const inputs = [store.input('model-to-convert.glb', content, glbType)];
    return run({ operation: 'convert', model: 'convert', params, inputs, outputs: store.outputs(...names) });
  };
  const metaOf = ({ artifacts }: Production): ArtifactReport['meta'] =>
    artifacts.flatMap(({ meta }) => (meta ? [meta] : []))[0];
  const statisticsOf = async (name: string): Promise<MeshStatistics> =>
    measureMesh(await sceneOf(await readGlb(store.objects.get(name)!)));
  const longestSideOf = ({ bounds: { min, max } }: MeshStatistics): number =>
    Math.max(...max.map((high, axis) => high - min[axis]!));
  /** The longest side of a binary STL, in its own unit, and how many triangles it has. */
  const extentsOf = (stl: Buffer): { triangles: number; sides: number[] } => {
    const triangles = stl.readUInt32LE(80);
    const corners = Array.from(
      { length: 3 * triangles },
      (_, corner) => 84 + 50 * Math.floor(corner / 3) + 12 + 12 * (corner % 3),
    );
    const sides = [0, 4, 8].map((axis) => {
      const values = corners.map((at) => stl.readFloatLE(at + axis));
      return Math.max(...values) - Math.min(...values);
    });
    return { triangles, sides };
  };

  beforeAll(async () => {
    await store.start();
    generated = await run({
      params: { prompt: 'a red mug', seed: 7, target_polycount: 400, texture_resolution: 64 },
      outputs: store.outputs(...models, ...previews),
    });
    glb = store.objects.get('model.glb')!;
  });
  afterAll(() => store.stop());

  it('is every model and every preview that was asked for, each as it was told', () => {
    expect(generated.artifacts.map(({ name }) => name)).toEqual([...models, ...previews]);
    for (const { name, bytes } of generated.artifacts) expect(store.objects.get(name)).toHaveLength(bytes);
    for (const [name, beginning] of Object.entries(beginnings)) {
      expect(store.objects.get(name)!.subarray(0, beginning.length).toString('latin1')).toBe(beginning);
    }
    expect(extentsOf(store.objects.get('model.stl')!).triangles).toBe(metaOf(generated)!.triangles);
  });

  it('is measured once: the report goes with the GLB', () => {
    expect(generated.artifacts.filter(({ meta }) => meta).map(({ name }) => name)).toEqual(['model.glb']);
    expect(metaOf(generated)).toMatchObject({ engine: 'reference', watertight: true, gltf_validator: { errors: 0 } });
    expect(metaOf(generated)!.triangles).toBeLessThanOrEqual(400);
  });

  it('shows itself from the sides that were asked for, in that size, on a transparent ground', async () => {
    const [front, left] = previews.map((name) => store.objects.get(name)!);
    expect(front!.equals(left!)).toBe(false);
    for (const picture of [front, left]) {
      expect(await sharp(picture).metadata()).toMatchObject({ format: 'png', width: 256, height: 256 });
      const { channels } = await sharp(picture).stats();
      expect([channels[3]!.min, channels[3]!.max]).toEqual([0, 255]);
    }
  });

  it('makes progress at every step, and never backwards', () => {
    const percents = told.map(([, percent]) => percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(new Set(told.map(([stage]) => stage))).toEqual(
      new Set(
        ['download', 'parse_prompt', 'model', 'finish', 'measure', 'preview'].concat(
          modelFormats.map((format) => `export ${format === 'obj' ? 'obj.zip' : format}`),
        ),
      ),
    );
    expect(Object.keys(generated.metrics)).toEqual(
      ['generate', 'finish', 'measure', 'export', 'preview'].map((step) => `${step}_ms`),
    );
  });

  it('leaves out what it need not have and does not know', async () => {
    const outputs = [...store.outputs('model.stl'), { ...store.outputs('model.mp4')[0]!, required: false }];
    const inputs = [store.input('in.glb', glb, glbType)];
    const { artifacts } = await run({ operation: 'convert', inputs, outputs });
    expect(artifacts.map(({ name }) => name)).toEqual(['model.stl']);
  });

  describe('of a model that is there already', () => {
    it('is what was asked for, with the report at the first of it, and says where the model came from', async () => {
      const production = await convert(glb, {}, 'model.3mf', 'model.stl');
      expect(production.artifacts.map(({ name, meta }) => [name, meta !== undefined])).toEqual([
        ['model.3mf', true],
        ['model.stl', false],
      ]);
      const { engine, method, matched, confidence, triangles, watertight } = metaOf(generated)!;
      expect(metaOf(production)).toMatchObject({ engine, method, matched, confidence, triangles, watertight });
    });

    it('has fewer triangles and smaller pictures on request', async () => {
      await convert(glb, { target_polycount: 120, texture_resolution: 64 }, 'model.glb');
      const { triangles, watertight } = await statisticsOf('model.glb');
      expect(triangles).toBeLessThanOrEqual(120);
      expect(watertight).toBe(true);
    });

    it('has the size that was asked for in every format, the GLB in metres', async () => {
      const production = await convert(glb, { size_mm: 50 }, 'model.glb', 'model.stl');
      const resized = await statisticsOf('model.glb');
      expect(longestSideOf(resized)).toBeCloseTo(0.05, 6);
      expect(Math.max(...extentsOf(store.objects.get('model.stl')!).sides)).toBeCloseTo(50, 3);
      expect(metaOf(production)).toMatchObject({ bounds: resized.bounds, engine: 'reference' });
    });

    it.each([
      ['draco', 'KHR_draco_mesh_compression'],
      ['meshopt', 'EXT_meshopt_compression'],
    ])('is packed with %s on request, and can be converted again', async (compression, extension) => {
      const { artifacts } = await convert(glb, { compression }, 'model.glb', 'model.stl');
      expect(artifacts[0]!.bytes).toBeLessThan(glb.length);
      const packed = store.objects.get('model.glb')!;
      expect(packed.toString('latin1')).toContain(extension);
      const again = await convert(packed, {}, 'model.stl');
      expect(metaOf(again)).toMatchObject({ engine: 'reference', triangles: metaOf(generated)!.triangles });
    });

    it('stands on the axis that was asked for', async () => {
      const heights: number[][] = [];
      for (const up_axis of ['y', 'z']) {
        await convert(glb, { up_axis }, 'model.stl');
        heights.push(extentsOf(store.objects.get('model.stl')!).sides);
      }
      const [[width, height, depth], turned] = heights as [number[], number[]];
      expect(turned).toEqual([width, depth, height].map((side) => expect.closeTo(side!, 3) as number));
    });

    it('says nothing of where the model of somebody else came from', async () => {
      const document = await readGlb(glb);
      Object.assign(document.getRoot().getAsset(), {
        generator: 'Another',
        extras: { engine: 'dreams', triangles: 5 },
      });
      const production = await convert(await writeGlb(document), {}, 'model.glb');
      expect(metaOf(production)).not.toHaveProperty('engine');
      expect(metaOf(production)!.triangles).toBe(metaOf(generated)!.triangles);
      const { generator, extras } = assetOf(store.objects.get('model.glb')!);
      expect({ generator, extras }).toEqual({ generator: 'Lathe', extras: { engine: 'dreams', triangles: 5 } });
    });

    it.each([
      ['is no GLB', async () => Buffer.from('no model at all'), /GLB/],
      ['has not one triangle', async () => writeGlb(new Document()), /./],
    ])('is nothing when it %s, which is not tried again', async (_, content, message) => {
      await expect(convert(await content(), {}, 'model.stl')).rejects.toMatchObject({
        name: 'JobFailure',
        code: 'bad_input',
        retryable: false,
        message: expect.stringMatching(message) as string,
      });
    });
  });

  it.each([
    ['a rig', { operation: 'rig' as const }, 'unsupported'],
    ['a conversion of nothing', { operation: 'convert' as const }, 'bad_input'],
  ])('is nothing for %s', async (_, about, code) => {
    await expect(run(about)).rejects.toMatchObject({ name: 'JobFailure', code, retryable: false });
  });

  it('is nothing where it has to write what it cannot', async () => {
    const inputs = [store.input('in.glb', glb, glbType)];
    const work = run({ operation: 'convert', inputs, outputs: store.outputs('model.mp4') });
    await expect(work).rejects.toMatchObject({ code: 'unsupported', retryable: false });
  });
});
