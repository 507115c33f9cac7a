import { type GLTF, GLB_BUFFER } from '@gltf-transform/core';
import { MeshError } from '../error.js';

const componentBytes: Record<number, number> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
  5130: 8,
  5131: 2,
};
const components: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 };

/** Bytes of one element of an accessor. */
export function elementBytes({ type, componentType }: GLTF.IAccessor): number {
  const size = (components[type] ?? 0) * (componentBytes[componentType] ?? 0);
  if (size === 0) throw new MeshError('invalid_glb', `An accessor has the unknown type ${type} of ${componentType}`);
  return size;
}

/** Refuses accessors that reach past their view, views past their buffer and buffers past the file. */
export function checkRanges(gltf: GLTF.IGLTF, resources: Record<string, Uint8Array>): void {
  const { buffers = [], bufferViews = [], accessors = [] } = gltf;
  for (const [index, buffer] of buffers.entries()) {
    // a meshopt fallback buffer holds no bytes; nothing but its compressed twin is read
    const bytes = resources[buffer.uri ?? GLB_BUFFER];
    if (bytes) within(buffer.byteLength, bytes.byteLength, `Buffer ${index}`);
  }
  for (const [index, { buffer, byteOffset = 0, byteLength }] of bufferViews.entries()) {
    within(byteOffset + byteLength, buffers[buffer]?.byteLength ?? -1, `Buffer view ${index}`);
  }
  for (const [index, accessor] of accessors.entries()) {
    if (accessor.bufferView === undefined) continue;
    const view = bufferViews[accessor.bufferView];
    const stride = view?.byteStride ?? elementBytes(accessor);
    const end = (accessor.byteOffset ?? 0) + Math.max(0, accessor.count - 1) * stride + elementBytes(accessor);
    within(end, view?.byteLength ?? -1, `Accessor ${index}`);
  }
}

function within(end: number, length: number, what: string): void {
  if (!(end >= 0 && end <= length)) throw new MeshError('invalid_glb', `${what} ends at byte ${end} of ${length}`);
}
