import type { Document } from '@gltf-transform/core';
import { geometryByAssimp } from '../../test/assimp.js';
import { aSceneOf } from '../../test/a-scene.js';
import { plyByThree } from '../../test/by-three.js';
import { compareScenes, unharmed } from '../../test/compare-scenes.js';
import {
  aBigModel,
  aPbrModel,
  aRawShape,
  aSeeThroughModel,
  aTreeModel,
  aVertexColouredModel,
} from '../../test/models.js';
import { sceneOfObject } from '../../test/three-scene.js';
import { readGlb } from '../glb/glb.js';
import { bakedMeshes } from '../scene/bake.js';
import { sceneOf } from '../scene/reading/scene-of.js';
import type { Scene } from '../scene/scene.js';
import { exportPly } from './export-ply.js';

const byAssimp = async (ply: Uint8Array): Promise<Scene> => {
  const read = await sceneOf(await readGlb(await geometryByAssimp({ 'model.ply': ply })));
  return aSceneOf([...bakedMeshes(read)].map((mesh) => ({ ...mesh, material: null })));
};

const headerOf = (ply: Uint8Array): string => Buffer.from(ply).toString('latin1').split('end_header')[0]!;

describe('a PLY', () => {
  it.each<[string, number, () => Document | Promise<Document>, object]>([
    ['a model with all maps', 3968, aPbrModel, {}],
    ['a tree with mirrors and instances', 484, aTreeModel, {}],
    ['a bare shape', 39_600, aRawShape, { uvs: false, normals: false }],
  ])('gives three.js and assimp every triangle, UV and normal of %s', async (_, triangles, model, parts) => {
    const scene = await sceneOf(await model());
    const ply = await exportPly(scene);
    for (const read of [sceneOfObject(plyByThree(ply)), await byAssimp(ply)]) {
      const agreement = compareScenes(scene, read);
      expect(agreement).toMatchObject(unharmed(triangles, parts));
      expect(agreement.uvError).toBeLessThan(1e-6);
      expect(agreement.normalError).toBeLessThan(0.02);
    }
  });

  it('keeps all of 200,704 triangles', async () => {
    const scene = await sceneOf(await aBigModel());
    expect(compareScenes(scene, sceneOfObject(plyByThree(await exportPly(scene))))).toMatchObject(unharmed(200_704));
  });

  it('keeps vertex colours, as the sRGB bytes PLY files hold', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    const agreement = compareScenes(scene, sceneOfObject(plyByThree(await exportPly(scene))));
    expect(agreement).toMatchObject({ ...unharmed(2208, { uvs: false }), comparedColors: 3 * 2208 });
    expect(agreement.colorError).toBeLessThan(0.005);
  });

  it('paints the vertices in the base colour of materials without a picture', async () => {
    const [tree] = sceneOfObject(plyByThree(await exportPly(await sceneOf(await aTreeModel())))).meshes;
    const { colors } = tree!.primitives[0]!;
    expect([...colors!.subarray(0, 3)]).toEqual([0.8, 0.05, 0.05].map((value) => expect.closeTo(value, 2) as number));
    expect(headerOf(await exportPly(await sceneOf(await aPbrModel())))).not.toContain('red');
  });

  it('writes the alpha of blended materials, and no other', async () => {
    const scene = await sceneOf(await aSeeThroughModel());
    const ply = Buffer.from(await exportPly(scene));
    const header = headerOf(ply);
    expect(header).toContain('property uchar alpha');
    const [start, bytesPerVertex] = [header.length + 'end_header\n'.length, 4 * 8 + 4];
    const alphas = [0, 24, 36].map((vertex) => ply[start + vertex * bytesPerVertex + 35]);
    expect(alphas).toEqual([64, 255, 128]);
  });

  it('stands on the axis asked for and has the size asked for, in metres', async () => {
    const scene = await sceneOf(await aTreeModel());
    const turned = sceneOfObject(plyByThree(await exportPly(scene, { upAxis: 'z' })), { upAxis: 'z' });
    expect(compareScenes(scene, turned)).toMatchObject(unharmed(484));
    const small = await exportPly(scene, { sizeMm: 50 });
    const { positions } = [...bakedMeshes(sceneOfObject(plyByThree(small)))][0]!;
    const xs = positions.filter((_, i) => i % 3 === 0);
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(0.05, 6);
  });

  it('gives equal bytes for equal scenes', async () => {
    const scene = await sceneOf(await aTreeModel());
    expect(Buffer.from(await exportPly(scene)).equals(await exportPly(scene))).toBe(true);
  });
});
