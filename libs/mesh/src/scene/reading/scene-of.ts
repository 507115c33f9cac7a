import type {
  Document,
  Material as GltfMaterial,
  Mesh as GltfMesh,
  Node as GltfNode,
  Primitive as GltfPrimitive,
} from '@gltf-transform/core';
import { MeshError } from '../../error.js';
import { maxMagnitude } from '../../glb/precheck/limits.js';
import { meshNodes } from '../bake.js';
import { imagesOf } from '../images.js';
import { instancesOf } from './instances.js';
import { materialOf } from './material.js';
import { primitiveOf } from './primitive.js';
import type { Material, Matrix, Mesh, Primitive, Scene, SceneNode } from '../scene.js';
import { compose, identity, multiply } from '../transform.js';
import { uvMappingOf } from './uv-mapping.js';

/** Triangles, and vertices, a scene may show, instances counted: every one of them is unfolded in memory. */
const maxShown = 20_000_000;

/**
 * Reads the default scene of a document into plain data. The document is not changed; arrays may be shared with it.
 * Left out, because no target format has them or a still picture needs them: points and lines, skins, animations,
 * morph targets, cameras, lights. Refuses broken pictures (`invalid_image`) scenes without a triangle
 * (`no_geometry`) and more than 20 million of them (`too_large`).
 */
export async function sceneOf(doc: Document): Promise<Scene> {
  const root = doc.getRoot();
  const source = root.getDefaultScene() ?? root.listScenes()[0];
  if (!source) throw new MeshError('no_geometry', 'The document has no scene');
  const images = await imagesOf(doc);
  const materials = new Map(root.listMaterials().map((one, index) => [one, materialOf(one, index, images)]));
  const meshes = new Map(root.listMeshes().map((one, index) => [one, meshOf(one, index, materials)]));
  const roots = source.listChildren().map((node) => nodeOf(node, identity, meshes));
  checkSize(roots);
  return {
    name: source.getName() || 'Scene',
    roots,
    meshes: [...meshes.values()],
    materials: [...materials.values()],
    images: [...images.values()],
  };
}

function meshOf(source: GltfMesh, index: number, materials: ReadonlyMap<GltfMaterial, Material>): Mesh {
  const worn = (primitive: GltfPrimitive): Material | null => {
    const material = primitive.getMaterial();
    return (material && materials.get(material)) ?? null;
  };
  const primitives = source
    .listPrimitives()
    .map((one) => primitiveOf(one, worn(one), uvMappingOf(one.getMaterial())))
    .filter((one): one is Primitive => one !== null);
  return { name: source.getName() || `mesh_${index}`, primitives };
}

function nodeOf(source: GltfNode, parent: Matrix, meshes: ReadonlyMap<GltfMesh, Mesh>): SceneNode {
  const [translation, rotation, scale] = [source.getTranslation(), source.getRotation(), source.getScale()];
  const world = multiply(parent, compose(translation, rotation, scale));
  if (!withinReach(world)) throw new MeshError('invalid_glb', `Node ${source.getName()} lies beyond every measure`);
  const shown = source.getMesh();
  const mesh = (shown && meshes.get(shown)) ?? null;
  const instances = mesh ? instancesOf(source, mesh, world) : [];
  return {
    name: source.getName(),
    translation,
    rotation,
    scale,
    world,
    mesh: instances.length > 0 ? null : mesh,
    children: [...instances, ...source.listChildren().map((child) => nodeOf(child, world, meshes))],
  };
}

/** Scales multiply down the tree: what leaves the range of a float makes no place. */
const withinReach = (world: Matrix): boolean => world.every((value) => value >= -maxMagnitude && value <= maxMagnitude);

function checkSize(roots: SceneNode[]): void {
  let [triangles, vertices] = [0, 0];
  for (const { mesh } of meshNodes(roots)) {
    for (const { indices, positions } of mesh.primitives) {
      triangles += indices.length / 3;
      vertices += positions.length / 3;
    }
  }
  if (triangles === 0) throw new MeshError('no_geometry', 'The scene shows no triangles');
  if (Math.max(triangles, vertices) > maxShown)
    throw new MeshError('too_large', `The scene shows ${triangles} triangles`);
}
