import { Document, type Material, type Mesh as GltfMesh } from '@gltf-transform/core';
import { bakedMeshes } from '../../scene/bake.js';
import { floatsOf } from '../../scene/reading/accessor.js';
import type { Scene } from '../../scene/scene.js';
import { rebuild, replaceAttribute } from '../put-back.js';
import { isTriangles, surfaceOf } from '../surface.js';
import { hullOf } from './hull.js';

/**
 * Replaces a mesh by its convex hull with at most so many triangles: what is left when no decimation reaches them. It
 * wears the material of the largest primitive, with UVs and colours of the vertices that lie nearest.
 */
export async function showAsHull(mesh: GltfMesh, most: number): Promise<void> {
  const { positions, indices } = await hullOf(surfaceOf(mesh).positions, most);
  const primitives = mesh.listPrimitives().filter(isTriangles);
  const [largest, ...others] = primitives.toSorted((a, b) => cornerCount(b) - cornerCount(a));
  for (const other of others) other.dispose();
  for (const target of largest!.listTargets()) largest!.removeTarget(target);
  const old = floatsOf(largest!.getAttribute('POSITION')!);
  const sources = Array.from({ length: positions.length / 3 }, (_, vertex) => nearest(old, positions, 3 * vertex));
  rebuild(largest!, sources, [...indices]);
  replaceAttribute(largest!, 'POSITION', 'VEC3', positions);
  for (const semantic of ['NORMAL', 'TANGENT']) largest!.setAttribute(semantic, null);
}

const cornerCount = (primitive: ReturnType<GltfMesh['listPrimitives']>[number]): number =>
  (primitive.getIndices() ?? primitive.getAttribute('POSITION')!).getCount();

/** The vertex nearest to the point at `at`. */
function nearest(vertices: Float32Array, points: Float32Array, at: number): number {
  const [x, y, z] = [points[at]!, points[at + 1]!, points[at + 2]!];
  let [best, found] = [Infinity, 0];
  for (let i = 0; i + 2 < vertices.length; i += 3) {
    const [dx, dy, dz] = [vertices[i]! - x, vertices[i + 1]! - y, vertices[i + 2]! - z];
    const distance = dx * dx + dy * dy + dz * dz;
    if (distance < best) [best, found] = [distance, i / 3];
  }
  return found;
}

/**
 * Replaces all a document shows by the convex hull of what it showed at first: where even four triangles for each of a
 * mesh's instances would be too many. It wears the plain colour of the largest piece.
 */
export async function showSceneAsHull(doc: Document, shown: Scene, most: number): Promise<void> {
  const pieces = [...bakedMeshes(shown)];
  const points = new Float32Array(pieces.reduce((sum, { positions }) => sum + positions.length, 0));
  let offset = 0;
  for (const { positions } of pieces) {
    points.set(positions, offset);
    offset += positions.length;
  }
  const { positions, indices } = await hullOf(points, most);
  const material = plain(largestMaterial(doc));
  const scene = doc.getRoot().getDefaultScene() ?? doc.getRoot().listScenes()[0]!;
  scene.traverse((node) => node.setMesh(null).setExtension('EXT_mesh_gpu_instancing', null));
  const primitive = doc.createPrimitive().setMaterial(material);
  primitive.setIndices(doc.createAccessor().setType('SCALAR').setArray(indices));
  replaceAttribute(primitive, 'POSITION', 'VEC3', positions);
  scene.addChild(doc.createNode('hull').setMesh(doc.createMesh('hull').addPrimitive(primitive)));
}

function largestMaterial(doc: Document): Material | null {
  const primitives = doc
    .getRoot()
    .listMeshes()
    .flatMap((mesh) => mesh.listPrimitives().filter(isTriangles));
  return primitives.toSorted((a, b) => cornerCount(b) - cornerCount(a))[0]?.getMaterial() ?? null;
}

/** A material without pictures: a hull of many things has no UVs. */
const plain = (material: Material | null): Material | null =>
  material &&
  material
    .clone()
    .setBaseColorTexture(null)
    .setNormalTexture(null)
    .setOcclusionTexture(null)
    .setEmissiveTexture(null)
    .setMetallicRoughnessTexture(null);
