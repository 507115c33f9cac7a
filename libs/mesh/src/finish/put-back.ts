import { type Accessor, Document, type Primitive as GltfPrimitive, type TypedArray } from '@gltf-transform/core';
import { compactPrimitive } from '@gltf-transform/functions';
import type { Surface } from './surface.js';

/** Writes positions and triangles back to the primitives they came from; a primitive left without triangles is removed. */
export function putBack(surface: Surface): void {
  const own = split(surface);
  for (const [index, primitive] of surface.primitives.entries()) {
    const triangles = own[index]!;
    if (triangles.length === 0) {
      primitive.dispose();
      continue;
    }
    const [first, end] = [surface.firstVertex[index]!, surface.firstVertex[index + 1]!];
    replaceAttribute(primitive, 'POSITION', 'VEC3', surface.positions.slice(3 * first, 3 * end));
    const doc = Document.fromGraph(primitive.getGraph())!;
    primitive.setIndices(doc.createAccessor().setType('SCALAR').setArray(Uint32Array.from(triangles)));
    compactPrimitive(primitive);
  }
}

/** Gives a primitive an attribute of its own: the old accessor may belong to others, too. */
export function replaceAttribute(
  primitive: GltfPrimitive,
  semantic: string,
  type: 'VEC2' | 'VEC3' | 'VEC4',
  values: TypedArray,
): void {
  const doc = Document.fromGraph(primitive.getGraph())!;
  primitive.setAttribute(semantic, doc.createAccessor().setType(type).setArray(values));
}

/** Gives a primitive, and its morph targets, new vertices, each a copy of an old one. */
export function rebuild(primitive: GltfPrimitive, sources: number[], indices: number[]): void {
  const doc = Document.fromGraph(primitive.getGraph())!;
  for (const holder of [primitive, ...primitive.listTargets()]) {
    for (const semantic of holder.listSemantics()) {
      const old = holder.getAttribute(semantic)!;
      holder.setAttribute(semantic, old.clone().setArray(picked(old, sources)));
    }
  }
  primitive.setIndices(doc.createAccessor().setType('SCALAR').setArray(Uint32Array.from(indices)));
}

function picked(accessor: Accessor, sources: number[]): TypedArray {
  const array = accessor.getArray()!;
  const size = accessor.getElementSize();
  const copies = new (array.constructor as new (length: number) => TypedArray)(sources.length * size);
  for (const [vertex, source] of sources.entries()) {
    copies.set(array.subarray(source * size, (source + 1) * size), vertex * size);
  }
  return copies;
}

/** The triangles of every primitive, in its own vertex numbers. */
function split({ primitives, firstVertex, indices }: Surface): number[][] {
  const own: number[][] = primitives.map(() => []);
  for (let i = 0; i + 2 < indices.length; i += 3) {
    let owner = 0;
    while (indices[i]! >= firstVertex[owner + 1]!) owner++;
    const first = firstVertex[owner]!;
    own[owner]!.push(indices[i]! - first, indices[i + 1]! - first, indices[i + 2]! - first);
  }
  return own;
}
