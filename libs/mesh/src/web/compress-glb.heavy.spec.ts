import type { Document } from '@gltf-transform/core';
import { MeshoptDecoder } from 'meshoptimizer';
import { Mesh } from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { aPatchworkModel, aPbrModel, aTreeModel, aVertexColouredModel } from '../../test/models.js';
import { finishModel } from '../finish/finish-model.js';
import { readGlb, writeGlb } from '../glb/glb.js';
import { precheckGlb } from '../glb/precheck/precheck.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import type { Scene } from '../scene/scene.js';
import { measureMesh, type MeshStatistics } from '../statistics/measure-mesh.js';
import { validateGlb } from '../validate.js';
import { compressGlb, type CompressionOptions } from './compress-glb.js';

const models: [string, () => Document | Promise<Document>][] = [
  ['all maps', aPbrModel],
  ['a tree with instances', aTreeModel],
  ['vertex colours', aVertexColouredModel],
  ['four materials that share borders', aPatchworkModel],
];
const compressions = ['draco', 'meshopt'] as const;

const finished = async (model: () => Document | Promise<Document>) => {
  const doc = await model();
  await finishModel(doc);
  return doc;
};
/** Names and sizes of the pictures; their order is the library's business. */
const sizesOf = ({ textures }: MeshStatistics): Record<string, string> =>
  Object.fromEntries(textures.map(({ name, width, height }) => [name, `${width} × ${height}`]));
const read = async (glb: Uint8Array): Promise<Scene> => sceneOf(await readGlb(glb));

describe.each(compressions)('a GLB packed with %s', (compression) => {
  it.each(models)('is smaller, sound and the same model: %s', async (_, model) => {
    const doc = await finished(model);
    const plain = await writeGlb(doc);
    const glb = await compressGlb(doc, { compression, textures: 'webp' });
    expect(glb.length).toBeLessThan(0.7 * plain.length);
    await precheckGlb(glb);
    expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
    const [before, after] = [measureMesh(await sceneOf(doc)), measureMesh(await read(glb))];
    const { triangles, parts, watertight, materials } = before;
    expect(after).toMatchObject({ triangles, parts, watertight, materials });
    expect(after.volume / before.volume).toBeCloseTo(1, 2);
    for (const axis of [0, 1, 2]) {
      expect(Math.abs(after.bounds.max[axis]! - before.bounds.max[axis]!)).toBeLessThan(
        1e-3 * before.bounds.max[axis]!,
      );
    }
    expect(sizesOf(after)).toEqual(sizesOf(before));
  });

  it('is the same to the byte each time, and leaves the document alone', async () => {
    const doc = await finished(aPbrModel);
    const plain = Buffer.from(await writeGlb(doc));
    const options: CompressionOptions = { compression, textures: 'webp' };
    const [first, second] = [await compressGlb(doc, options), await compressGlb(doc, options)];
    expect(Buffer.from(first).equals(second)).toBe(true);
    expect(plain.equals(await writeGlb(doc))).toBe(true);
  });

  it('keeps pictures as they are where that is asked for, or WebP would be larger', async () => {
    const doc = await finished(aPbrModel);
    const kept = await read(await compressGlb(doc, { compression, textures: 'keep' }));
    expect(kept.images.map(({ mediaType }) => mediaType)).toEqual(Array(4).fill('image/png'));
    const sizes = new Map(kept.images.map(({ name, data }) => [name, data.length]));
    const { images } = await read(await compressGlb(doc, { compression, textures: 'webp' }));
    const grown = images.filter(({ name, data, mediaType }) =>
      mediaType === 'image/webp' ? data.length >= sizes.get(name)! : data.length !== sizes.get(name),
    );
    expect(grown).toEqual([]);
    expect(images.map(({ mediaType }) => mediaType)).toContain('image/webp');
  });
});

describe('a GLB packed with meshopt', () => {
  it('is read by three.js', async () => {
    const glb = await compressGlb(await finished(aVertexColouredModel), { compression: 'meshopt', textures: 'webp' });
    await MeshoptDecoder.ready;
    const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder);
    const { scene } = await loader.parseAsync(new Uint8Array(glb).buffer, '');
    const meshes: InstanceType<typeof Mesh>[] = [];
    scene.traverse((object) => {
      if (object instanceof Mesh) meshes.push(object);
    });
    expect(meshes).toHaveLength(1);
    expect(meshes[0]!.geometry!.index!.count).toBe(3 * 2_208);
    expect(Object.keys(meshes[0]!.geometry!.attributes).toSorted()).toEqual(['color', 'normal', 'position']);
  });
});
