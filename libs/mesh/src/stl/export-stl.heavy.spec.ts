import type { Document } from '@gltf-transform/core';
import { geometryByAssimp } from '../../test/assimp.js';
import { aSceneOf } from '../../test/a-scene.js';
import { DocumentBuilder } from '../../test/a-document.js';
import { stlByThree } from '../../test/by-three.js';
import { compareScenes } from '../../test/compare-scenes.js';
import { aBigModel, aPbrModel, aTreeModel, aVertexColouredModel } from '../../test/models.js';
import { sceneOfObject } from '../../test/three-scene.js';
import { readGlb } from '../glb/glb.js';
import { bakedMeshes } from '../scene/bake.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import type { Scene } from '../scene/scene.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { exportStl } from './export-stl.js';

/** Millimetres, Z up. */
const frame = { metresPerUnit: 0.001, upAxis: 'z' } as const;

const byThree = (stl: Uint8Array): Scene => sceneOfObject(stlByThree(stl), frame);

const byAssimp = async (stl: Uint8Array): Promise<Scene> => {
  const read = await sceneOf(await readGlb(await geometryByAssimp({ 'model.stl': stl })));
  return aSceneOf(
    [...bakedMeshes(read)].map((mesh) => ({ ...mesh, material: null })),
    frame,
  );
};

describe('an STL', () => {
  it.each<[string, number, () => Document | Promise<Document>]>([
    ['a model with all maps', 3968, aPbrModel],
    ['a tree with mirrors and instances', 484, aTreeModel],
    ['a shape without UVs', 2208, aVertexColouredModel],
  ])('gives three.js and assimp every triangle of %s, facing outwards', async (_, triangles, model) => {
    const scene = await sceneOf(await model());
    const stl = await exportStl(scene);
    expect(stl).toHaveLength(84 + 50 * triangles);
    for (const read of [byThree(stl), await byAssimp(stl)]) {
      expect(compareScenes(scene, read)).toMatchObject({ triangles, otherTriangles: triangles, found: triangles });
      expect(measureMesh(read).volume).toBeCloseTo(measureMesh(scene).volume, 3);
    }
  });

  it('keeps all of 200,704 triangles', async () => {
    const scene = await sceneOf(await aBigModel());
    expect(compareScenes(scene, byThree(await exportStl(scene)))).toMatchObject({
      otherTriangles: 200_704,
      found: 200_704,
    });
  });

  it('has the normal of its plane on every triangle', async () => {
    const scene = await sceneOf(await aTreeModel());
    const [read] = byThree(await exportStl(scene)).meshes;
    const [{ positions: p, normals: n }] = read!.primitives as unknown as [
      Record<'positions' | 'normals', Float32Array>,
    ];
    for (let i = 0; i < p.length; i += 9) {
      const [u, v] = [3, 6].map((to) => [0, 1, 2].map((k) => p[i + to + k]! - p[i + k]!)) as [number[], number[]];
      const cross = [0, 1, 2].map((k) => u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!);
      const length = Math.hypot(...cross);
      for (let k = 0; k < 3; k++) expect(n[i + k]).toBeCloseTo(cross[k]! / length, 4);
    }
  });

  it('stays watertight where the model is', async () => {
    const read = byThree(await exportStl(await sceneOf(await aPbrModel())));
    expect(measureMesh(read)).toMatchObject({ watertight: true, parts: 1 });
  });

  it('is as large as asked, in millimetres, and stands on the axis asked for', async () => {
    const scene = await sceneOf(await aTreeModel());
    const spans = async (options: object): Promise<number[]> => {
      const { min, max } = measureMesh(sceneOfObject(stlByThree(await exportStl(scene, options)))).bounds;
      return max.map((value, axis) => value - min[axis]!);
    };
    const { min, max } = measureMesh(scene).bounds;
    const [x, y, z] = max.map((value, axis) => value - min[axis]!) as [number, number, number];
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 2) as number);
    expect(await spans({})).toEqual(close([1000 * x, 1000 * z, 1000 * y]));
    expect(await spans({ upAxis: 'y' })).toEqual(close([1000 * x, 1000 * y, 1000 * z]));
    expect(await spans({ sizeMm: 120 })).toEqual(close([120, (120 * z) / x, (120 * y) / x]));
  });

  it('leaves out triangles whose corners coincide', async () => {
    const build = new DocumentBuilder();
    const corners = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, -0]);
    const shape = {
      positions: corners,
      normals: corners,
      uvs: new Float32Array(8),
      indices: new Uint32Array([0, 1, 2, 0, 1, 3, 2, 2, 1]),
    };
    const stl = await exportStl(await sceneOf(build.show('flat', shape).doc));
    expect(stl).toHaveLength(84 + 50);
  });

  it('gives equal bytes for equal scenes', async () => {
    const scene = await sceneOf(await aTreeModel());
    expect(Buffer.from(await exportStl(scene)).equals(await exportStl(scene))).toBe(true);
  });
});
