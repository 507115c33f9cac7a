import type { Node as GltfNode } from '@gltf-transform/core';
import type { InstancedMesh } from '@gltf-transform/extensions';
import { MeshError } from '../../error.js';
import type { Matrix, Mesh, SceneNode } from '../scene.js';
import { compose, multiply } from '../transform.js';

/** Copies one node may make of its mesh. */
const maxInstances = 100_000;

/** The copies EXT_mesh_gpu_instancing makes of a node's mesh, as ordinary child nodes; none where it is not used. */
export function instancesOf(node: GltfNode, mesh: Mesh, world: Matrix): SceneNode[] {
  const batch = node.getExtension<InstancedMesh>('EXT_mesh_gpu_instancing');
  const count = batch?.listAttributes()[0]?.getCount() ?? 0;
  if (count > maxInstances) throw new MeshError('too_large', `A mesh is shown ${count} times`);
  return Array.from({ length: count }, (_, index) => {
    const placed = <T extends number[]>(semantic: string, unmoved: T): T =>
      batch!.getAttribute(semantic)?.getElement(index, unmoved) ?? unmoved;
    const translation = placed<[number, number, number]>('TRANSLATION', [0, 0, 0]);
    const rotation = placed<[number, number, number, number]>('ROTATION', [0, 0, 0, 1]);
    const scale = placed<[number, number, number]>('SCALE', [1, 1, 1]);
    return {
      name: `${node.getName() || mesh.name}_${index + 1}`,
      translation,
      rotation,
      scale,
      world: multiply(world, compose(translation, rotation, scale)),
      mesh,
      children: [],
    };
  });
}
