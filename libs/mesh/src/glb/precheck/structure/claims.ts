import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';
import { maxElements, maxExpansion, maxNodes, maxUnpackedBytes, unpackedBytesFree } from '../limits.js';
import { elementBytes, packedViewOf } from './ranges.js';

/**
 * Refuses, before anything is unpacked, what would exhaust memory: more bytes than a file of this size can reasonably
 * unpack to, arrays that many primitives share (a scene keeps a copy for each), instances by the million.
 */
export function checkClaims(gltf: GLTF.IGLTF, fileSize: number): void {
  const most = Math.min(maxUnpackedBytes, unpackedBytesFree + maxExpansion * fileSize);
  const own = unpackedBytes(gltf);
  if (own > most) throw new MeshError('too_large', `The GLB claims to unpack to ${own} bytes; ${most} are allowed`);
  const used = usedBytes(gltf);
  if (used > most) throw new MeshError('too_large', `The primitives use ${used} bytes; ${most} are allowed`);
  checkInstances(gltf);
}

const bytesOf = (accessor: GLTF.IAccessor): number => accessor.count * elementBytes(accessor);

function unpackedBytes({ accessors = [], bufferViews = [], images = [] }: GLTF.IGLTF): number {
  let bytes = 0;
  for (const accessor of accessors) bytes += bytesOf(accessor);
  for (const view of bufferViews) if (packedViewOf(view)) bytes += view.byteLength;
  for (const { bufferView } of images) if (bufferView !== undefined) bytes += bufferViews[bufferView]!.byteLength;
  return bytes;
}

function usedBytes({ accessors = [], meshes = [] }: GLTF.IGLTF): number {
  let [bytes, primitives] = [0, 0];
  for (const mesh of meshes) {
    primitives += mesh.primitives.length;
    for (const { attributes, indices, targets = [] } of mesh.primitives) {
      for (const used of [attributes, ...targets]) {
        for (const accessor of Object.values(used)) bytes += bytesOf(accessors[accessor]!);
      }
      if (indices !== undefined) bytes += bytesOf(accessors[indices]!);
    }
  }
  if (primitives > maxElements.primitives) {
    throw new MeshError('too_large', `There are ${primitives} primitives; ${maxElements.primitives} are allowed`);
  }
  return bytes;
}

function checkInstances({ accessors = [], nodes = [] }: GLTF.IGLTF): void {
  let instances = nodes.length;
  for (const [index, { extensions }] of nodes.entries()) {
    const batch = extensions?.['EXT_mesh_gpu_instancing'] as { attributes: Record<string, number> } | undefined;
    const counts = new Set(Object.values(batch?.attributes ?? {}).map((accessor) => accessors[accessor]!.count));
    if (counts.size > 1) throw new MeshError('invalid_glb', `The instances of node ${index} are not equally many`);
    for (const count of counts) instances += count;
  }
  if (instances > maxNodes) {
    throw new MeshError('too_large', `There are ${instances} nodes and instances; ${maxNodes} are allowed`);
  }
}
