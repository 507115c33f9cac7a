import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../error.js';
import { maxMagnitude, windowBytes } from './limits.js';
import { componentSize, elementBytes, packedViewOf } from './ranges.js';

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
  const { componentType } = gltf.accessors![accessor]!;
  if (componentType !== 5126) return;
  for await (const { view, count, stride } of windowsOf(gltf, accessor, read)) {
    for (let element = 0; element < count; element++) {
      const at = element * stride;
      for (let byte = at; byte < at + 12; byte += 4) {
        if (!(Math.abs(view.getFloat32(byte, true)) <= maxMagnitude)) {
          throw new MeshError('invalid_glb', `Mesh ${mesh} has a position beyond ${maxMagnitude} or no number`);
        }
      }
    }
  }
}

async function highestIndex(gltf: GLTF.IGLTF, accessor: number, read: ReadBuffer): Promise<number> {
  const bytes = componentSize(gltf.accessors![accessor]!.componentType);
  let highest = -1;
  for await (const { view, count, stride } of windowsOf(gltf, accessor, read)) {
    for (let element = 0; element < count; element++) {
      const at = element * stride;
      const index = bytes === 4 ? view.getUint32(at, true) : bytes === 2 ? view.getUint16(at, true) : view.getUint8(at);
      if (index > highest) highest = index;
    }
  }
  return highest;
}

/** Some elements of an accessor: each starts `stride` bytes behind the one before. */
interface Window {
  view: DataView;
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
    yield { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), count, stride };
  }
}
