import fc from 'fast-check';
import type { Document } from '@gltf-transform/core';
import { DocumentBuilder } from '../../../test/a-document.js';
import { aBox, aGlobe } from '../../../test/a-shape.js';
import { aModel } from '../../../test/any-model.js';
import { readGlb, writeGlb } from '../../glb/glb.js';
import { sceneOf } from '../../scene/reading/scene-of.js';
import { measureMesh } from '../../statistics/measure-mesh.js';
import { validateGlb } from '../../validate.js';
import { finishModel } from '../finish-model.js';

const runs = Number(process.env.FUZZ_RUNS ?? 15);
const seed = Number(process.env.FUZZ_SEED ?? 5);

const aTarget = fc.oneof(fc.constant(4), fc.integer({ min: 4, max: 60 }), fc.integer({ min: 4, max: 2_000 }));

const statisticsOf = async (doc: Document, target: number) => {
  await finishModel(doc, { targetPolycount: target });
  return measureMesh(await sceneOf(doc));
};

/** A globe at a place, of a size. */
const ball = (place: [number, number, number], radius: number, around = 32) => {
  const globe = aGlobe(around, around / 2, () => radius);
  return { ...globe, positions: globe.positions.map((value, i) => value + place[i % 3]!) };
};

describe('a budget of few triangles', () => {
  it('goes to what is seen: a ball within a ball is left out', async () => {
    const build = new DocumentBuilder();
    build
      .show('inner', ball([0, 0, 0], 0.8, 64))
      .show('outer', ball([0, 0, 0], 1))
      .show('beside', ball([3, 0, 0], 1));
    const { bounds, triangles, parts, watertight } = await statisticsOf(build.doc, 80);
    expect({ triangles, parts, watertight }).toEqual({ triangles: 80, parts: 2, watertight: true });
    expect([bounds.min[0]!, bounds.max[0]!].map(Math.round)).toEqual([-1, 4]);
  });

  it('is met by fewer parts where there are more parts than triangles', async () => {
    const build = new DocumentBuilder();
    for (let n = 0; n < 300; n++) build.show(`ball ${n}`, ball([3 * (n % 20), 0, 3 * Math.floor(n / 20)], 1, 8));
    const { triangles, watertight } = await statisticsOf(build.doc, 200);
    expect(triangles).toBeGreaterThan(100);
    expect(triangles).toBeLessThanOrEqual(200);
    expect(watertight).toBe(true);
  });

  it('is met by one hull where one mesh is shown too often', async () => {
    const build = new DocumentBuilder();
    const mesh = build.mesh('box', build.primitive(aBox()));
    for (let n = 0; n < 100; n++)
      build.place(
        build.doc
          .createNode()
          .setMesh(mesh)
          .setTranslation([2 * n, 0, 0]),
      );
    const { triangles, parts, bounds, watertight } = await statisticsOf(build.doc, 60);
    expect({ triangles, parts, watertight }).toEqual({ triangles: 12, parts: 1, watertight: true });
    expect(bounds).toEqual({ min: [-0.5, -0.5, -0.5], max: [198.5, 0.5, 0.5] });
  });

  it('does not light a coarse shape by the normals of the fine one', async () => {
    const build = new DocumentBuilder().show('globe', ball([0, 0, 0], 1, 64));
    await finishModel(build.doc, { targetPolycount: 8 });
    const { positions, normals, indices } = (await sceneOf(build.doc)).meshes[0]!.primitives[0]!;
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => [...positions.subarray(3 * indices[i + k]!, 3 * indices[i + k]! + 3)]);
      const [u, v] = [b!, c!].map((end) => end.map((value, k) => value - a![k]!)) as [number[], number[]];
      const face = [0, 1, 2].map((k) => u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!);
      const normal = normals!.subarray(3 * indices[i]!, 3 * indices[i]! + 3);
      expect(face.reduce((sum, value, k) => sum + value * normal[k]!, 0)).toBeGreaterThan(0.5 * Math.hypot(...face));
    }
  });
});

describe('a budget of triangles', () => {
  it(
    'is never exceeded, and never leaves nothing, whatever the model and the budget',
    async () => {
      const property = fc.asyncProperty(aModel, aTarget, async (doc, target) => {
        const before = measureMesh(await sceneOf(doc));
        fc.pre(before.area > 0);
        await finishModel(doc, { targetPolycount: target });
        const glb = await writeGlb(doc);
        const after = measureMesh(await sceneOf(await readGlb(glb)));
        expect(after.triangles).toBeLessThanOrEqual(Math.min(target, before.triangles));
        expect(after.triangles).toBeGreaterThan(0);
        expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
        await finishModel(doc, { targetPolycount: target });
        expect(measureMesh(await sceneOf(doc)).triangles).toBe(after.triangles);
      });
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    },
    runs * 1_000 + 30_000,
  );
});
