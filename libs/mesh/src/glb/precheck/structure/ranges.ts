import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';
import { dataUriBytes } from '../data-uri.js';

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

/** EXT_meshopt_compression of a buffer view: where its packed bytes lie and what they unpack to. */
export interface PackedView {
  buffer: number;
  byteOffset?: number;
  byteLength: number;
  byteStride: number;
  count: number;
}

export const packedViewOf = ({ extensions }: GLTF.IBufferView): PackedView | undefined =>
  extensions?.['EXT_meshopt_compression'] as PackedView | undefined;

export const componentSize = (componentType: number): number => componentBytes[componentType]!;

/** Bytes of one element of an accessor. */
export const elementBytes = ({ type, componentType }: Pick<GLTF.IAccessor, 'type' | 'componentType'>): number =>
  components[type]! * componentSize(componentType);

/**
 * Refuses accessors that reach past their view, views past their buffer and buffers past the file (glTF 2.0 §3.6), and
 * accessors that do not start at a multiple of their component. `binaryLength`: bytes of the BIN chunk.
 */
export function checkRanges(gltf: GLTF.IGLTF, binaryLength: number): void {
  const { buffers = [], bufferViews = [], accessors = [] } = gltf;
  for (const [index, buffer] of buffers.entries()) checkBuffer(buffer, index, binaryLength);
  for (const [index, view] of bufferViews.entries()) checkView(view, index, buffers);
  for (const [index, accessor] of accessors.entries()) checkAccessor(accessor, index, bufferViews);
}

/** Only the first buffer is the BIN chunk; one that stands in for decompressed data has no bytes at all. */
function checkBuffer(buffer: GLTF.IBuffer, index: number, binaryLength: number): void {
  if (buffer.uri !== undefined) {
    within(buffer.byteLength, dataUriBytes(buffer.uri, `Buffer ${index}`).byteLength, `Buffer ${index}`);
  } else if (index === 0) {
    within(buffer.byteLength, binaryLength, 'Buffer 0');
  } else if (!isFallback(buffer)) {
    throw new MeshError('invalid_glb', `Buffer ${index} has no bytes`);
  }
}

const isFallback = ({ extensions }: GLTF.IBuffer): boolean =>
  (extensions?.['EXT_meshopt_compression'] as { fallback?: boolean } | undefined)?.fallback === true;

function checkView(view: GLTF.IBufferView, index: number, buffers: GLTF.IBuffer[]): void {
  const what = `Buffer view ${index}`;
  within((view.byteOffset ?? 0) + view.byteLength, buffers[view.buffer]!.byteLength, what);
  const packed = packedViewOf(view);
  if (!packed) {
    if (view.buffer > 0 && isFallback(buffers[view.buffer]!) && buffers[view.buffer]!.uri === undefined) {
      throw new MeshError('invalid_glb', `${what} reads a buffer that has no bytes`);
    }
    return;
  }
  const { buffer, byteOffset = 0, byteLength, count, byteStride } = packed;
  if (buffer > 0 && buffers[buffer]!.uri === undefined) {
    throw new MeshError('invalid_glb', `${what} is packed into a buffer that has no bytes`);
  }
  within(byteOffset + byteLength, buffers[buffer]!.byteLength, `${what}, packed,`);
  if (count * byteStride !== view.byteLength) {
    throw new MeshError('invalid_glb', `${what} unpacks to ${count * byteStride} bytes, not ${view.byteLength}`);
  }
}

function checkAccessor(accessor: GLTF.IAccessor, index: number, views: GLTF.IBufferView[]): void {
  const what = `Accessor ${index}`;
  const { bufferView, byteOffset = 0, componentType, count, sparse } = accessor;
  if (bufferView !== undefined) {
    const view = views[bufferView]!;
    const stride = view.byteStride ?? elementBytes(accessor);
    if (stride < elementBytes(accessor)) throw new MeshError('invalid_glb', `${what} overlaps itself`);
    for (const start of [(view.byteOffset ?? 0) + byteOffset, stride]) {
      if (start % componentSize(componentType) !== 0)
        throw new MeshError('invalid_glb', `${what} is not aligned to its components`);
    }
    within(byteOffset + (count - 1) * stride + elementBytes(accessor), view.byteLength, what);
  }
  if (!sparse) return;
  if (sparse.count > count) throw new MeshError('invalid_glb', `${what} replaces ${sparse.count} of ${count} elements`);
  const indexBytes = componentSize(sparse.indices.componentType);
  for (const [part, size] of [
    [sparse.indices, indexBytes],
    [sparse.values, elementBytes(accessor)],
  ] as const) {
    within((part.byteOffset ?? 0) + sparse.count * size, views[part.bufferView]!.byteLength, `${what}, sparse,`);
  }
}

function within(end: number, length: number, what: string): void {
  if (end > length) throw new MeshError('invalid_glb', `${what} ends at byte ${end} of ${length}`);
}
