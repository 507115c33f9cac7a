import { defaultMaterial, type Geometry, type Image, type Matrix, type Scene } from '../src/scene/scene.js';
import { identity, multiply } from '../src/scene/transform.js';

/** A piece of what a reader gave back. */
export interface ReadMesh extends Partial<Geometry> {
  name: string;
  positions: Float32Array;
  indices: Uint32Array;
  /** Name of the material; `null` for none. */
  material: string | null;
  /** From the space of the positions to that of the file. */
  world?: Matrix;
}

/** The frame of a file: how long its unit is, and which axis points up. */
export interface Frame {
  metresPerUnit?: number;
  upAxis?: 'y' | 'z';
}

/** The scene a reader understood, back in metres with Y up, so that it can be compared with the one that was written. */
export function aSceneOf(read: ReadMesh[], { metresPerUnit: s = 1, upAxis = 'y' }: Frame = {}): Scene {
  const yUp: Matrix = [s, 0, 0, 0, 0, s, 0, 0, 0, 0, s, 0, 0, 0, 0, 1];
  const zUp: Matrix = [s, 0, 0, 0, 0, 0, -s, 0, 0, s, 0, 0, 0, 0, 0, 1];
  const names = [...new Set(read.map(({ material }) => material))].filter((name) => name !== null);
  const materials = names.map((name) => ({ ...defaultMaterial, name }));
  const meshes = read.map(({ name, positions, indices, material, normals = null, uvs = null, colors = null }) => {
    const worn = materials.find((one) => one.name === material) ?? null;
    return { name, primitives: [{ positions, indices, normals, uvs, colors, material: worn }] };
  });
  const roots = read.map(({ name, world = identity }, k) => ({
    name,
    translation: [0, 0, 0] as const,
    rotation: [0, 0, 0, 1] as const,
    scale: [1, 1, 1] as const,
    world: multiply(upAxis === 'z' ? zUp : yUp, world),
    mesh: meshes[k]!,
    children: [],
  }));
  return { name: 'read', roots, meshes, materials, images: [] };
}

/** The picture of a scene whose name begins so. */
export const pictureOf = ({ images }: Scene, name: string): Image => images.find((one) => one.name.startsWith(name))!;
