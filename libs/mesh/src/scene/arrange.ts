import { bakedMeshes } from './bake.js';
import { boundsOf } from './bounds.js';
import type { Mesh, Primitive, Quaternion, Scene, SceneNode, Vec3 } from './scene.js';
import { compose, identity, multiply } from './transform.js';

/** The axis that points upwards in a file. */
export type UpAxis = 'y' | 'z';

/** What every writer understands, where its format leaves a choice. */
export interface ExportOptions {
  /** What the model is called: the stem of the files in an archive, the title where a format has one. */
  name?: string;
  /** OBJ, FBX, STL and PLY files have no up axis of their own: `z` for STL if not given, else `y`. */
  upAxis?: UpAxis;
  /** Longest side of the bounding box in millimetres; the size the model has if not given. */
  sizeMm?: number;
}

/**
 * The same scene turned so that `upAxis` points up, and scaled so that its longest side is `sizeMm` long. Both are worked
 * into positions and transforms: no node gains a rotation or a scale, instances stay instances. Y up becomes Z up by
 * (x, y, z) → (x, −z, y), which keeps the front at −Y and right at X as Blender and 3ds Max have them.
 */
export function arranged(scene: Scene, { upAxis = 'y', sizeMm }: Pick<ExportOptions, 'upAxis' | 'sizeMm'>): Scene {
  const factor = sizeMm === undefined ? 1 : factorTo(scene, sizeMm / 1000);
  if (factor === 1 && upAxis === 'y') return scene;
  const change = changeOf(upAxis === 'z', factor);
  const meshes = new Map(scene.meshes.map((mesh) => [mesh, change.mesh(mesh)]));
  return {
    ...scene,
    roots: scene.roots.map((root) => nodeIn(root, meshes, change, identity)),
    meshes: [...meshes.values()],
  };
}

function factorTo(scene: Scene, metres: number): number {
  const bounds = boundsOf(positionsOf(scene));
  const longest = bounds ? Math.max(...bounds.max.map((value, axis) => value - bounds.min[axis]!)) : 0;
  return longest > 0 ? metres / longest : 1;
}

function* positionsOf(scene: Scene): Generator<Float32Array> {
  for (const { positions } of bakedMeshes(scene)) yield positions;
}

interface Change {
  mesh(mesh: Mesh): Mesh;
  point(point: Vec3): Vec3;
  scale(scale: Vec3): Vec3;
  rotation(rotation: Quaternion): Quaternion;
}

/** Changes the basis: what was measured along y is measured along z. Zero minus keeps −0 out of the files. */
function changeOf(turned: boolean, factor: number): Change {
  const vectors = (values: Float32Array, by: number): Float32Array => {
    const changed = new Float32Array(values.length);
    for (let i = 0; i < values.length; i += 3) {
      changed[i] = values[i]! * by;
      changed[i + 1] = turned ? 0 - values[i + 2]! * by : values[i + 1]! * by;
      changed[i + 2] = turned ? values[i + 1]! * by : values[i + 2]! * by;
    }
    return changed;
  };
  const primitive = (one: Primitive): Primitive => ({
    ...one,
    positions: vectors(one.positions, factor),
    normals: one.normals && (turned ? vectors(one.normals, 1) : one.normals),
  });
  return {
    mesh: (mesh) => ({ ...mesh, primitives: mesh.primitives.map(primitive) }),
    point: ([x, y, z]) => (turned ? [x * factor, 0 - z * factor, y * factor] : [x * factor, y * factor, z * factor]),
    scale: ([x, y, z]) => (turned ? [x, z, y] : [x, y, z]),
    rotation: ([x, y, z, w]) => (turned ? [x, 0 - z, y, w] : [x, y, z, w]),
  };
}

function nodeIn(
  node: SceneNode,
  meshes: ReadonlyMap<Mesh, Mesh>,
  change: Change,
  parent: SceneNode['world'],
): SceneNode {
  const translation = change.point(node.translation);
  const rotation = change.rotation(node.rotation);
  const scale = change.scale(node.scale);
  const world = multiply(parent, compose(translation, rotation, scale));
  return {
    ...node,
    translation,
    rotation,
    scale,
    world,
    mesh: node.mesh && (meshes.get(node.mesh) ?? change.mesh(node.mesh)),
    children: node.children.map((child) => nodeIn(child, meshes, change, world)),
  };
}
