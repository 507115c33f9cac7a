import type { Accessor, Document, Primitive } from '@gltf-transform/core';
import { MeshError } from '../error.js';
import { maxMagnitude } from './precheck/limits.js';
import { typesOf } from './precheck/structure/primitives.js';

/** Refuses decoded primitives whose arrays do not fit together: every later step may then index without looking. */
export function checkGeometry(doc: Document): void {
  for (const mesh of doc.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) checkPrimitive(primitive, mesh.getName() || 'unnamed');
  }
}

function checkPrimitive(primitive: Primitive, mesh: string): void {
  const position = primitive.getAttribute('POSITION');
  if (!position) return;
  const vertices = position.getCount();
  for (const semantic of primitive.listSemantics()) {
    const attribute = primitive.getAttribute(semantic)!;
    if (attribute.getCount() !== vertices || typesOf(semantic)?.includes(attribute.getType()) === false) {
      throw new MeshError('invalid_glb', `${semantic} of mesh ${mesh} does not fit its ${vertices} vertices`);
    }
  }
  if (!withinReach(position)) {
    throw new MeshError('invalid_glb', `Mesh ${mesh} has a position beyond ${maxMagnitude} or no number`);
  }
  checkIndices(primitive.getIndices(), vertices, mesh);
}

function checkIndices(indices: Accessor | null, vertices: number, mesh: string): void {
  for (const index of indices?.getArray() ?? []) {
    if (!(index >= 0 && index < vertices)) {
      throw new MeshError('invalid_glb', `Mesh ${mesh} names vertex ${index} of ${vertices}`);
    }
  }
}

function withinReach(accessor: Accessor): boolean {
  const [least, most] = [-maxMagnitude, maxMagnitude];
  return accessor.getArray()?.every((value: number) => value >= least && value <= most) ?? false;
}
