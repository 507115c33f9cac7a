import type { Geometry, Material, Matrix, Mesh, Primitive, Scene, SceneNode } from './scene.js';
import { UniqueNames } from './names.js';
import { cofactors, identity, mirrors } from './transform.js';

/** One primitive of one instance with its node's world transform applied. */
export interface BakedMesh extends Geometry {
  /** Unique within the scene. */
  name: string;
  material: Material | null;
}

/**
 * Every visible primitive in world space. Under a mirroring node the triangles are turned round, so that they still face
 * outwards. Arrays that did not need to change are shared with the scene.
 */
export function* bakedMeshes(scene: Scene): Generator<BakedMesh> {
  const names = new UniqueNames();
  for (const { name, mesh, world } of meshNodes(scene.roots)) {
    const own = name || mesh.name;
    for (const [index, primitive] of mesh.primitives.entries()) {
      const several = mesh.primitives.length > 1;
      yield { name: names.of(several ? `${own}_${index + 1}` : own), ...baked(primitive, world) };
    }
  }
}

/** Everything one node shows, in world space. */
export interface BakedNode {
  /** Unique within the scene. */
  name: string;
  parts: BakedMesh[];
}

/** The same node by node, for formats whose objects hold several materials: what was closed by several parts stays so. */
export function* bakedNodes(scene: Scene): Generator<BakedNode> {
  const names = new UniqueNames();
  for (const { name: ownName, mesh, world } of meshNodes(scene.roots)) {
    if (mesh.primitives.length === 0) continue;
    const name = names.of(ownName || mesh.name);
    yield { name, parts: mesh.primitives.map((primitive) => ({ name, ...baked(primitive, world) })) };
  }
}

/** Every node that shows a mesh, parents first. */
export function* meshNodes(nodes: SceneNode[]): Generator<SceneNode & { mesh: Mesh }> {
  for (const node of nodes) {
    if (node.mesh) yield node as SceneNode & { mesh: Mesh };
    yield* meshNodes(node.children);
  }
}

function baked(primitive: Primitive, world: Matrix): Geometry & { material: Material | null } {
  if (world.every((value, k) => value === identity[k])) return { ...primitive };
  const { positions, normals, indices } = primitive;
  const inwards = mirrors(world);
  return {
    ...primitive,
    positions: movedPoints(positions, world),
    normals: normals && turnedNormals(normals, world, inwards ? -1 : 1),
    indices: inwards ? turnedRound(indices) : indices,
  };
}

function movedPoints(points: Float32Array, m: Matrix): Float32Array {
  const moved = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [points[i]!, points[i + 1]!, points[i + 2]!];
    moved[i] = m[0] * x + m[4] * y + m[8] * z + m[12];
    moved[i + 1] = m[1] * x + m[5] * y + m[9] * z + m[13];
    moved[i + 2] = m[2] * x + m[6] * y + m[10] * z + m[14];
  }
  return moved;
}

function turnedNormals(normals: Float32Array, world: Matrix, sign: number): Float32Array {
  const c = cofactors(world);
  const turned = new Float32Array(normals.length);
  for (let i = 0; i < normals.length; i += 3) {
    const [x, y, z] = [normals[i]!, normals[i + 1]!, normals[i + 2]!];
    const nx = c[0] * x + c[4] * y + c[8] * z;
    const ny = c[1] * x + c[5] * y + c[9] * z;
    const nz = c[2] * x + c[6] * y + c[10] * z;
    const length = sign * (Math.hypot(nx, ny, nz) || 1);
    turned[i] = nx / length;
    turned[i + 1] = ny / length;
    turned[i + 2] = nz / length;
  }
  return turned;
}

function turnedRound(indices: Uint32Array): Uint32Array {
  const turned = indices.slice();
  for (let i = 0; i + 2 < turned.length; i += 3) {
    turned[i + 1] = indices[i + 2]!;
    turned[i + 2] = indices[i + 1]!;
  }
  return turned;
}
