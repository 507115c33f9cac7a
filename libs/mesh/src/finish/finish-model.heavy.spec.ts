import type { Document } from '@gltf-transform/core';
import { draco, meshopt, quantize } from '@gltf-transform/functions';
import { MeshoptEncoder } from 'meshoptimizer';
import sharp from 'sharp';
import { DocumentBuilder } from '../../test/a-document.js';
import { checker } from '../../test/a-picture.js';
import { aBox, aGlobe, severed } from '../../test/a-shape.js';
import {
  aBigModel,
  aCrumbledModel,
  aPatchworkModel,
  aPbrModel,
  aRawShape,
  aTreeModel,
  aVertexColouredModel,
} from '../../test/models.js';
import { readGlb, writeGlb } from '../glb/glb.js';
import { bakedMeshes } from '../scene/bake.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { validateGlb } from '../validate.js';
import { type FinishOptions, finishModel } from './finish-model.js';

/** What a client receives: finished, written and read again. */
const finished = async (doc: Document, options: FinishOptions = {}) => {
  await finishModel(doc, options);
  const glb = await writeGlb(doc);
  const scene = await sceneOf(await readGlb(glb));
  return { glb, scene, statistics: measureMesh(scene) };
};

describe('decimating a watertight model', () => {
  it.each<[string, () => Document | Promise<Document>, number[]]>([
    ['200,704 triangles with a UV seam', aBigModel, [100_000, 5_000]],
    ['a model with all maps', aPbrModel, [2_000, 300]],
    ['vertex colours', aVertexColouredModel, [1_000, 100]],
    ['a bare shape', aRawShape, [10_000, 1_000]],
    ['four materials that share borders', aPatchworkModel, [8_000, 1_000, 100]],
    ['a tree with instances', aTreeModel, [300, 100]],
    ['1,000 separate boxes', aCrumbledModel, [5_000, 100]],
    [
      'a chart of its own for every triangle',
      () => new DocumentBuilder().show('x', severed(aGlobe(64, 33))).doc,
      [1_000, 200],
    ],
  ])('meets the budget and stays watertight and valid: %s', async (_, model, targets) => {
    for (const target of targets) {
      const { statistics, glb } = await finished(await model(), { targetPolycount: target });
      expect(statistics.triangles).toBeLessThanOrEqual(target);
      expect(statistics.triangles).toBeGreaterThanOrEqual(0.8 * target);
      expect(statistics).toMatchObject({ watertight: true, open_edges: 0, non_manifold_edges: 0 });
      expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
    }
  });

  it('keeps the shape', async () => {
    const before = measureMesh(await sceneOf(await aBigModel()));
    const { statistics } = await finished(await aBigModel(), { targetPolycount: 10_000 });
    expect(statistics.volume / before.volume).toBeCloseTo(1, 2);
    for (const axis of [0, 1, 2]) expect(statistics.bounds.max[axis]).toBeCloseTo(before.bounds.max[axis]!, 2);
  });

  it('keeps UV seams: no triangle is smeared across the picture', async () => {
    const { scene } = await finished(await aPbrModel(), { targetPolycount: 1_000 });
    const { uvs, indices } = scene.meshes[0]!.primitives[0]!;
    for (let i = 0; i < indices.length; i += 3) {
      const us = [0, 1, 2].map((k) => uvs![2 * indices[i + k]!]!);
      expect(Math.max(...us) - Math.min(...us)).toBeLessThan(0.5);
    }
  });

  it('leaves a model alone that is within its budget', async () => {
    expect((await finished(await aPbrModel(), { targetPolycount: 4_000 })).statistics.triangles).toBe(3_968);
  });

  it('shares the budget among meshes in proportion', async () => {
    const build = new DocumentBuilder();
    build.show('large', aGlobe(96, 49)).show('small', aGlobe(48, 25)).show('box', aBox());
    const { scene } = await finished(build.doc, { targetPolycount: 3_000 });
    const [large, small, box] = [...bakedMeshes(scene)].map(({ indices }) => indices.length / 3);
    expect(box).toBe(12);
    expect(large! / small!).toBeCloseTo((96 * 48 * 2) / (48 * 24 * 2), 1);
    expect(large! + small! + box!).toBeGreaterThan(2_900);
  });

  it('keeps every material where primitives share a border', async () => {
    const { scene } = await finished(aPatchworkModel(), { targetPolycount: 2_000 });
    expect(scene.meshes[0]!.primitives.map(({ material }) => material!.name)).toEqual([
      'patch 0',
      'patch 1',
      'patch 2',
      'patch 3',
    ]);
  });

  it('does not close what was open', async () => {
    const { statistics } = await finished(new DocumentBuilder().show('cup', openGlobe()).doc, { targetPolycount: 500 });
    expect(statistics.triangles).toBeLessThanOrEqual(500);
    expect(statistics.open_edges).toBeGreaterThan(0);
  });
});

/** A globe without its lower half. */
function openGlobe() {
  const globe = aGlobe(64, 32);
  return { ...globe, indices: globe.indices.slice(0, globe.indices.length / 2) };
}

describe('finishing a model', () => {
  it('makes seams equal to the bit that differed by rounding noise', async () => {
    const globe = aGlobe(64, 32);
    for (let i = 0; i < globe.positions.length; i++) globe.positions[i]! *= 1 + 1e-7 * Math.sin(i * 12.9898);
    const { scene } = await finished(new DocumentBuilder().show('globe', globe).doc);
    const { positions } = scene.meshes[0]!.primitives[0]!;
    const places = new Set<string>();
    for (let i = 0; i < positions.length; i += 3) places.add(positions.subarray(i, i + 3).join());
    expect(places.size).toBe(64 * 31 + 2);
    expect(positions.some((value) => Object.is(value, -0))).toBe(false);
  });

  it('gives a round shape smooth normals and a box hard edges', async () => {
    const bare = { normals: false, uvs: false };
    const ball = (await finished(aRawShape())).scene.meshes[0]!.primitives[0]!;
    for (let i = 0; i < ball.positions.length; i += 300) {
      const along = [0, 1, 2].reduce((sum, k) => sum + ball.positions[i + k]! * ball.normals![i + k]!, 0);
      expect(along).toBeGreaterThan(0.999);
    }
    const box = (await finished(new DocumentBuilder().show('box', aBox(), bare).doc)).scene.meshes[0]!.primitives[0]!;
    expect(box.positions).toHaveLength(24 * 3);
    for (let i = 0; i < box.normals!.length; i += 3) {
      expect(
        box
          .normals!.subarray(i, i + 3)
          .map(Math.abs)
          .toSorted(),
      ).toEqual(new Float32Array([0, 0, 1]));
    }
  });

  it('mends normals that are too long or missing', async () => {
    const [long, zero] = [aGlobe(16, 8), aGlobe(16, 8)];
    long.normals = long.normals.map((value) => value * 3);
    zero.normals.fill(0);
    for (const globe of [long, zero]) {
      const { glb, scene } = await finished(new DocumentBuilder().show('globe', globe).doc);
      expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
      expect(Math.hypot(...scene.meshes[0]!.primitives[0]!.normals!.subarray(0, 3))).toBeCloseTo(1, 5);
    }
  });

  it('puts numbers where UVs are none', async () => {
    const globe = aGlobe(16, 8);
    globe.uvs[7] = NaN;
    const { glb } = await finished(new DocumentBuilder().show('globe', globe).doc);
    expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
  });

  it('shrinks pictures to the resolution and keeps their format', async () => {
    const build = new DocumentBuilder();
    const material = build.doc.createMaterial();
    material.setBaseColorTexture(await build.texture('base', 1024, checker, 'jpeg'));
    material.setEmissiveTexture(await build.texture('glow', 512, checker));
    material.setNormalTexture(await build.texture('small', 64, checker));
    const small = material.getNormalTexture()!.getImage();
    const { statistics, scene } = await finished(build.show('box', aBox(), { material }).doc, {
      textureResolution: 256,
    });
    expect(statistics.textures).toEqual([
      { name: 'base', width: 256, height: 256, media_type: 'image/jpeg', slots: ['base_color'] },
      { name: 'glow', width: 256, height: 256, media_type: 'image/png', slots: ['emissive'] },
      { name: 'small', width: 64, height: 64, media_type: 'image/png', slots: ['normal'] },
    ]);
    expect(Buffer.from(scene.images[2]!.data).equals(small!)).toBe(true);
  });

  it('keeps proportions, and does not compress a normal map with loss a second time', async () => {
    const build = new DocumentBuilder();
    const material = build.doc.createMaterial();
    const wide = await sharp({ create: { width: 300, height: 100, channels: 3, background: '#8080ff' } })
      .jpeg()
      .toBuffer();
    const normal = build.doc.createTexture('bumps').setImage(new Uint8Array(wide)).setMimeType('image/jpeg');
    material.setNormalTexture(normal);
    const { statistics, glb } = await finished(build.show('box', aBox(), { material }).doc, { textureResolution: 150 });
    expect(statistics.textures).toEqual([
      { name: 'bumps', width: 150, height: 50, media_type: 'image/png', slots: ['normal'] },
    ]);
    expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
  });

  it.each([
    ['Draco', draco()],
    ['meshopt', meshopt({ encoder: MeshoptEncoder })],
    ['quantised', quantize()],
  ])('turns a %s model into plain, valid glTF', async (_, packing) => {
    const packed = await aPbrModel();
    await packed.transform(packing);
    const { glb, statistics } = await finished(await readGlb(await writeGlb(packed)), { targetPolycount: 1_000 });
    expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
    expect((await readGlb(glb)).getRoot().listExtensionsUsed()).toEqual([]);
    expect(statistics).toMatchObject({ watertight: true, triangles: 1_000 });
  });

  it('changes nothing when it is done a second time', async () => {
    const { glb } = await finished(await aPbrModel(), { targetPolycount: 300, textureResolution: 64 });
    const again = await finished(await readGlb(glb), { targetPolycount: 300, textureResolution: 64 });
    expect(Buffer.from(again.glb).equals(glb)).toBe(true);
  });

  it('removes what the scene does not use', async () => {
    const doc = await aPbrModel();
    doc.createMaterial('left over');
    doc.createMesh('left over');
    const { scene } = await finished(doc);
    expect([scene.materials.length, scene.meshes.length]).toEqual([1, 1]);
  });
});
