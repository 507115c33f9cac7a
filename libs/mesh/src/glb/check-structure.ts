import type { GLTF, JSONDocument } from '@gltf-transform/core';
import { MeshError } from '../error.js';
import { checkRanges, elementBytes } from './check-ranges.js';

/** Bytes a GLB may claim to unpack to. */
export const maxUnpackedBytes = 1024 ** 3;
/** Levels of nodes below a scene. */
export const maxNodeDepth = 256;

/** Refuses, before anything is unpacked, what would exhaust memory or loop: claims of size and the tree of nodes. */
export function checkStructure({ json, resources }: JSONDocument): void {
  checkClaims(json);
  checkRanges(json, resources);
  checkTree(json.nodes ?? []);
}

function checkClaims({ accessors = [], bufferViews = [] }: GLTF.IGLTF): void {
  let bytes = 0;
  for (const accessor of accessors) bytes += claimed(accessor.count, 'an accessor') * elementBytes(accessor);
  for (const { extensions } of bufferViews) {
    const packed = extensions?.['EXT_meshopt_compression'] as { count?: number; byteStride?: number } | undefined;
    if (packed) bytes += claimed(packed.count, 'a buffer view') * claimed(packed.byteStride, 'a buffer view');
  }
  if (bytes > maxUnpackedBytes) throw new MeshError('too_large', `The GLB claims to unpack to ${bytes} bytes`);
}

function claimed(value: unknown, of: string): number {
  if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new MeshError('invalid_glb', `${String(value)} is no size of ${of}`);
}

/** A node has at most one parent (glTF 2.0 §3.5.2), so walking up from every node ends at a root or finds a circle. */
function checkTree(nodes: GLTF.INode[]): void {
  const parents = new Int32Array(nodes.length).fill(-1);
  for (const [parent, { children = [] }] of nodes.entries()) {
    for (const child of children) {
      if (!nodes[child]) throw new MeshError('invalid_glb', `Node ${parent} has the missing child ${child}`);
      if (parents[child] !== -1) throw new MeshError('invalid_glb', `Node ${child} has two parents`);
      parents[child] = parent;
    }
  }
  for (const start of nodes.keys()) {
    let depth = 0;
    for (let at = start; at !== -1; at = parents[at]!) {
      if (++depth > nodes.length) throw new MeshError('invalid_glb', `Node ${start} is its own ancestor`);
      if (depth > maxNodeDepth) throw new MeshError('too_large', `Nodes are nested deeper than ${maxNodeDepth}`);
    }
  }
}
