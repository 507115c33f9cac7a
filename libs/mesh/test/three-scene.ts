import { resolveObjectURL } from 'node:buffer';
import {
  type BufferAttribute,
  type BufferGeometry,
  ImageLoader,
  type Material,
  type Object3D,
  type Texture,
} from 'three';
import type { Matrix, Scene } from '../src/scene/scene.js';
import { aSceneOf, type Frame, type ReadMesh } from './a-scene.js';

/** A picture as the readers asked for it: bytes they unpacked themselves, or a file beside the model. */
interface AskedPicture {
  url: string;
  blob: Blob | undefined;
}

/** There is no canvas in Node: what a reader of three.js wants to show is kept as it is. */
ImageLoader.prototype.load = (url, onLoad) => {
  const asked: AskedPicture = { url, blob: resolveObjectURL(url) };
  onLoad?.(asked);
  return asked;
};

/** The bytes of a picture three.js unpacked. */
export async function bytesOf(texture: Texture | null): Promise<Uint8Array> {
  const { blob } = texture!.image as AskedPicture;
  return new Uint8Array(await blob!.arrayBuffer());
}

/** The file three.js would load a picture from. */
export const fileOf = (texture: Texture | null): string => (texture!.image as AskedPicture).url;

/** The materials of an object of three.js by name, those without one by the name of their mesh. */
export function materialsOf(object: Object3D): Map<string, Material> {
  const found = new Map<string, Material>();
  object.traverse(({ name, material }) => {
    for (const one of [material ?? []].flat()) found.set(one.name || name, one);
  });
  return found;
}

/** An object of three.js as a scene, in metres and with Y up. */
export function sceneOfObject(object: Object3D, frame: Frame = {}): Scene {
  object.updateMatrixWorld(true);
  const meshes: ReadMesh[] = [];
  object.traverse(({ name, geometry, material, matrixWorld }) => {
    if (!geometry) return;
    const world = matrixWorld.elements.slice() as unknown as Matrix;
    for (const piece of piecesOf(geometry, [material ?? []].flat())) meshes.push({ name, world, ...piece });
  });
  return aSceneOf(meshes, frame);
}

function piecesOf(geometry: BufferGeometry, materials: Material[]): Omit<ReadMesh, 'name'>[] {
  const { position, normal, uv, color } = geometry.attributes;
  const all = geometry.index ? valuesOf(geometry.index, 1) : Uint32Array.from({ length: position!.count }, (_, i) => i);
  const groups = geometry.groups.length > 0 ? geometry.groups : [{ start: 0, count: all.length, materialIndex: 0 }];
  const shared = {
    positions: Float32Array.from(valuesOf(position!, 3)),
    normals: normal ? Float32Array.from(valuesOf(normal, 3)) : null,
    uvs: uv ? Float32Array.from(valuesOf(uv, 2), (value, i) => (i % 2 === 1 ? 1 - value : value)) : null,
    colors: color ? opaque(valuesOf(color, 3)) : null,
  };
  return groups.map(({ start, count, materialIndex = 0 }) => ({
    ...shared,
    indices: Uint32Array.from(all.slice(start, start + count)),
    material: materials[materialIndex]?.name ?? null,
  }));
}

function valuesOf(attribute: BufferAttribute, size: number): Float64Array {
  const values = new Float64Array(attribute.count * size);
  for (let i = 0, at = 0; i < attribute.count; i++) {
    for (let k = 0; k < size; k++) values[at++] = attribute.getComponent(i, k);
  }
  return values;
}

function opaque(rgb: Float64Array): Float32Array {
  const rgba = new Float32Array((rgb.length / 3) * 4).fill(1);
  for (let i = 0; i < rgb.length / 3; i++) rgba.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return rgba;
}
