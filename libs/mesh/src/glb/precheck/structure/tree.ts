import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';
import { maxNodeDepth, maxNodes } from '../limits.js';

/**
 * Refuses nodes that do not form trees (glTF 2.0 §3.5.2: at most one parent, no circle), trees deeper than 256 levels,
 * scenes that name a node twice or one that is not a root, and more of such names than there may be nodes.
 */
export function checkTree({ nodes = [], scenes = [] }: GLTF.IGLTF): void {
  const parents = parentsOf(nodes);
  const depths = new Int32Array(nodes.length);
  for (const start of nodes.keys()) measureDepth(start, parents, depths);
  let shown = 0;
  for (const [index, { nodes: roots = [] }] of scenes.entries()) {
    shown += roots.length;
    if (shown > maxNodes) throw new MeshError('too_large', `The scenes name over ${maxNodes} nodes, the most allowed`);
    if (new Set(roots).size < roots.length) throw new MeshError('invalid_glb', `Scene ${index} names a node twice`);
    const child = roots.find((root) => parents[root] !== -1);
    if (child !== undefined) throw new MeshError('invalid_glb', `Node ${child} of scene ${index} is not a root`);
  }
}

function parentsOf(nodes: GLTF.INode[]): Int32Array {
  const parents = new Int32Array(nodes.length).fill(-1);
  for (const [parent, { children = [] }] of nodes.entries()) {
    for (const child of children) {
      if (parents[child] !== -1) throw new MeshError('invalid_glb', `Node ${child} has two parents`);
      parents[child] = parent;
    }
  }
  return parents;
}

/** Walks up to a node whose depth is known or to a root; a walk longer than the limit is too deep or a circle. */
function measureDepth(start: number, parents: Int32Array, depths: Int32Array): void {
  const way: number[] = [];
  let at = start;
  for (; at !== -1 && depths[at] === 0; at = parents[at]!) {
    if (way.length > parents.length) throw new MeshError('invalid_glb', `Node ${start} is its own ancestor`);
    way.push(at);
  }
  let depth = at === -1 ? 0 : depths[at]!;
  for (const node of way.toReversed()) depths[node] = ++depth;
  if (depth > maxNodeDepth)
    throw new MeshError('too_large', `Nodes are nested ${depth} levels; ${maxNodeDepth} are allowed`);
}
