import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';
import { maxMagnitude, windowBytes } from '../limits.js';
import { componentSize, elementBytes, packedViewOf } from '../structure/ranges.js';

/** Reads bytes of a buffer. */
export type ReadBuffer = (buffer: number, offset: number, length: number) => Promise<Uint8Array>;

/**
 * Streams through the indices and positions that are stored plainly: every index names a vertex, every position is a
 * number of at most 10¹⁵. Compressed, sparse and left-out values show themselves when they are decoded.
 */
export async function checkValues(gltf: GLTF.IGLTF, read: ReadBuffer): Promise<void> {
  const { accessors = [], meshes = [] } = gltf;
  const highest = new Map<number, number>();
  const sound = new Set<number>();
  for (const [index, { primitives }] of meshes.entries()) {
    for (const { attributes, indices } of primitives) {
      const position = attributes['POSITION'];
      if (position === undefined) continue;
      if (!sound.has(position)) await checkPositions(gltf, position, read, index);
      sound.add(position);
      if (indices === undefined) continue;
      if (!highest.has(indices)) highest.set(indices, await highestIndex(gltf, indices, read));
      const vertices = accessors[position]!.count;
      if (highest.get(indices)! >= vertices) {
        throw new MeshError('invalid_glb', `Mesh ${index} names vertex ${highest.get(indices)} of ${vertices}`);
      }
    }
  }
}

async function checkPositions(gltf: GLTF.IGLTF, accessor: number, read: ReadBuffer, mesh: number): Promise<void> {
  if (gltf.accessors![accessor]!.componentType !== 5126) return;
  for await (const { bytes, count, stride } of windowsOf(gltf, accessor, read)) {
    if (!allWithinReach(new Float32Array(bytes), count, stride / 4)) {
      throw new MeshError('invalid_glb', `Mesh ${mesh} has a position beyond ${maxMagnitude} or no number`);
    }
  }
}

function allWithinReach(values: Float32Array, count: number, step: number): boolean {
  const [least, most] = [-maxMagnitude, maxMagnitude];
  for (let element = 0; element < count; element++) {
    const at = element * step;
    for (let axis = at; axis < at + 3; axis++) if (!(values[axis]! >= least && values[axis]! <= most)) return false;
  }
  return true;
}

const indexArrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;

async function highestIndex(gltf: GLTF.IGLTF, accessor: number, read: ReadBuffer): Promise<number> {
  const size = componentSize(gltf.accessors![accessor]!.componentType) as keyof typeof indexArrays;
  let highest = -1;
  for await (const { bytes, count, stride } of windowsOf(gltf, accessor, read)) {
    highest = Math.max(highest, highestOf(new indexArrays[size](bytes), count, stride / size));
  }
  return highest;
}

function highestOf(indices: Uint8Array | Uint16Array | Uint32Array, count: number, step: number): number {
  let highest = -1;
  for (let element = 0; element < count; element++) {
    const index = indices[element * step]!;
    if (index > highest) highest = index;
  }
  return highest;
}

/** Some elements of an accessor in memory of their own: each starts `stride` bytes behind the one before. */
interface Window {
  bytes: ArrayBuffer;
  count: number;
  stride: number;
}

async function* windowsOf(
  { accessors, bufferViews }: GLTF.IGLTF,
  of: number,
  read: ReadBuffer,
): AsyncGenerator<Window> {
  const accessor = accessors![of]!;
  const view = accessor.bufferView === undefined ? undefined : bufferViews![accessor.bufferView]!;
  if (!view || accessor.sparse || packedViewOf(view)) return;
  const size = elementBytes(accessor);
  const stride = view.byteStride ?? size;
  const most = Math.max(1, Math.floor(windowBytes / stride));
  for (let first = 0; first < accessor.count; first += most) {
    const count = Math.min(most, accessor.count - first);
    const offset = (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0) + first * stride;
    const bytes = await read(view.buffer, offset, (count - 1) * stride + size);
    yield { bytes: new Uint8Array(bytes).buffer, count, stride };
  }
}
