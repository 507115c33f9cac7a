import { compareScenes, unharmed } from '../../test/compare-scenes.js';
import { aTreeModel, aVertexColouredModel } from '../../test/models.js';
import { measureMesh } from '../statistics/measure-mesh.js';
import { arranged } from './arrange.js';
import { bakedMeshes } from './bake.js';
import { sceneOf } from './reading/scene-of.js';
import type { Scene } from './scene.js';

const spansOf = (scene: Scene): number[] => {
  const { min, max } = measureMesh(scene).bounds;
  return max.map((value, axis) => value - min[axis]!);
};

/** Turned in world space, vertex by vertex: what `arranged` has to come to. */
function turnedByHand(scene: Scene): Scene {
  const meshes = [...bakedMeshes(scene)].map((mesh) => {
    const turn = (values: Float32Array) =>
      values.map((_, i) => (i % 3 === 0 ? values[i]! : i % 3 === 1 ? -values[i + 1]! : values[i - 1]!));
    return {
      name: mesh.name,
      primitives: [{ ...mesh, positions: turn(mesh.positions), normals: turn(mesh.normals!) }],
    };
  });
  const [root] = arranged(scene, {}).roots;
  const still = { ...root!, world: identityOf(root!.world), children: [] };
  return { ...scene, meshes, roots: meshes.map((mesh) => ({ ...still, mesh })) };
}

const identityOf = (world: Scene['roots'][number]['world']) =>
  world.map((_, i) => (i % 5 === 0 ? 1 : 0)) as unknown as typeof world;

describe('arranging a scene', () => {
  it('turns Y up into Z up through every mirrored, stretched and nested node', async () => {
    const scene = await sceneOf(await aTreeModel());
    const agreement = compareScenes(turnedByHand(scene), arranged(scene, { upAxis: 'z' }));
    expect(agreement).toMatchObject({ ...unharmed(484), otherMaterial: 0 });
    expect(agreement.normalError).toBeLessThan(0.001);
  });

  it('keeps the tree: names, instances, and no rotation that was not there', async () => {
    const scene = await sceneOf(await aTreeModel());
    const { roots, meshes } = arranged(scene, { upAxis: 'z', sizeMm: 100 });
    expect(roots[0]!.rotation).toEqual([0, 0, 0, 1]);
    expect(roots[0]!.scale).toEqual([1, 1, 1]);
    const [first, second] = roots[0]!.children;
    expect([first!.name, second!.name]).toEqual(['椅子 1', '椅子 2']);
    expect(first!.mesh).toBe(second!.mesh);
    expect(meshes).toContain(first!.mesh);
    expect(first!.scale).toEqual([1, 3, 2]);
  });

  it('makes the longest side as long as asked and keeps the proportions', async () => {
    const scene = await sceneOf(await aTreeModel());
    const [x, y, z] = spansOf(scene) as [number, number, number];
    const close = [0.25, (0.25 * y) / x, (0.25 * z) / x].map((value) => expect.closeTo(value, 6) as number);
    expect(spansOf(arranged(scene, { sizeMm: 250 }))).toEqual(close);
  });

  it('measures what is shown, not what merely exists', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    scene.meshes.push({
      name: 'hidden',
      primitives: [{ ...scene.meshes[0]!.primitives[0]!, positions: new Float32Array([0, 0, 0, 99, 0, 0, 0, 9, 0]) }],
    });
    expect(Math.max(...spansOf(arranged(scene, { sizeMm: 10 })))).toBeCloseTo(0.01, 6);
  });

  it('gives the scene itself when there is nothing to change', async () => {
    const scene = await sceneOf(aVertexColouredModel());
    expect(arranged(scene, {})).toBe(scene);
    expect(arranged(scene, { upAxis: 'y' })).toBe(scene);
  });

  it('does not change the scene it was given', async () => {
    const scene = await sceneOf(await aTreeModel());
    const before = measureMesh(scene).bounds;
    arranged(scene, { upAxis: 'z', sizeMm: 5 });
    expect(measureMesh(scene).bounds).toEqual(before);
  });
});
