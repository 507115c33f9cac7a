import type { Mesh as GltfMesh, Primitive as GltfPrimitive } from '@gltf-transform/core';
import { floatsOf } from '../scene/reading/accessor.js';
import { boundsOf } from '../scene/bounds.js';
import { PositionIndex, relativeTolerance } from '../statistics/position-index.js';

/**
 * All triangles of a mesh in one index space, so that primitives that share a border are worked on together. Vertices of
 * one primitive are consecutive; no triangle spans two.
 */
export interface Surface {
  primitives: GltfPrimitive[];
  /** First vertex of every primitive, and behind the last one the number of vertices. */
  firstVertex: number[];
  /** x, y, z per vertex */
  positions: Float32Array;
  /** Three vertices a triangle */
  indices: Uint32Array;
  /** A number per vertex: the same where positions are the same. */
  places: Uint32Array;
  placeCount: number;
}

/** The triangle primitives of a mesh, joined. Positions are copied, so they may be changed. */
export function surfaceOf(mesh: GltfMesh): Surface {
  const primitives = mesh.listPrimitives().filter(isTriangles);
  const firstVertex = [0];
  for (const primitive of primitives) firstVertex.push(firstVertex.at(-1)! + vertexCount(primitive));
  const vertices = firstVertex.at(-1)!;
  const positions = new Float32Array(vertices * 3);
  const indices: Uint32Array[] = [];
  for (const [index, primitive] of primitives.entries()) {
    const first = firstVertex[index]!;
    positions.set(floatsOf(primitive.getAttribute('POSITION')!), first * 3);
    indices.push(indicesOf(primitive).map((vertex) => vertex + first));
  }
  return { primitives, firstVertex, positions, indices: joinedArrays(indices), ...placesOf(positions) };
}

/** A copy of the indices of a primitive, counted through where it has none. */
function indicesOf(primitive: GltfPrimitive): Uint32Array {
  const stored = primitive.getIndices()?.getArray();
  return stored ? Uint32Array.from(stored) : Uint32Array.from({ length: vertexCount(primitive) }, (_, i) => i);
}

export const isTriangles = (primitive: GltfPrimitive): boolean =>
  primitive.getMode() === 4 && primitive.getAttribute('POSITION') !== null;

export const vertexCount = (primitive: GltfPrimitive): number => primitive.getAttribute('POSITION')!.getCount();

/** One attribute of all vertices; zeros where a primitive lacks it. `null` when all of them lack it. */
export function attributeOf({ primitives, firstVertex }: Surface, semantic: string, size: number): Float32Array | null {
  if (!primitives.some((primitive) => primitive.getAttribute(semantic))) return null;
  const values = new Float32Array(firstVertex.at(-1)! * size);
  for (const [index, primitive] of primitives.entries()) {
    const accessor = primitive.getAttribute(semantic);
    if (!accessor) continue;
    const own = floatsOf(accessor);
    const ownSize = accessor.getElementSize();
    for (let i = 0; i < own.length; i++) {
      const channel = i % ownSize;
      if (channel < size) values[(firstVertex[index]! + (i - channel) / ownSize) * size + channel] = own[i]!;
    }
  }
  return values;
}

/** The places of all corners: what edges are counted by. */
export function cornersOf({ places }: Surface, indices: Uint32Array): Uint32Array {
  return indices.map((vertex) => places[vertex]!);
}

/** Numbers positions within a millionth of the diagonal of each other equally. */
function placesOf(positions: Float32Array): { places: Uint32Array; placeCount: number } {
  const tolerance = (boundsOf([positions])?.diagonal || 1) * relativeTolerance;
  const index = new PositionIndex(positions.length / 3, tolerance);
  const places = new Uint32Array(positions.length / 3);
  for (let i = 0; i < places.length; i++) {
    places[i] = index.add(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!);
  }
  return { places, placeCount: index.size };
}

function joinedArrays(arrays: Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.length;
  }
  return joined;
}
