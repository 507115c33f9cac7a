import type { Accessor, Document, Primitive } from '@gltf-transform/core';
import { MeshError } from '../error.js';

/** Refuses primitives whose arrays do not fit together: every later step may then index without looking. */
export function checkGeometry(doc: Document): void {
  for (const mesh of doc.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) checkPrimitive(primitive, mesh.getName() || 'unnamed');
  }
}

/** Element types of the attributes the scene model reads (glTF 2.0 §3.7.2.1). */
const attributeTypes: Record<string, string[]> = {
  POSITION: ['VEC3'],
  NORMAL: ['VEC3'],
  TANGENT: ['VEC4'],
  COLOR_0: ['VEC3', 'VEC4'],
};

function checkPrimitive(primitive: Primitive, mesh: string): void {
  const position = primitive.getAttribute('POSITION');
  if (!position) return;
  const vertices = position.getCount();
  for (const semantic of primitive.listSemantics()) {
    const attribute = primitive.getAttribute(semantic)!;
    const types = attributeTypes[semantic] ?? (semantic.startsWith('TEXCOORD_') ? ['VEC2'] : undefined);
    if (attribute.getCount() !== vertices || (types && !types.includes(attribute.getType()))) {
      throw new MeshError('invalid_glb', `${semantic} of mesh ${mesh} does not fit its ${vertices} vertices`);
    }
  }
  if (!allFinite(position)) throw new MeshError('invalid_glb', `Mesh ${mesh} has positions that are not numbers`);
  checkIndices(primitive.getIndices(), vertices, mesh);
}

function checkIndices(indices: Accessor | null, vertices: number, mesh: string): void {
  for (const index of indices?.getArray() ?? []) {
    if (!(index >= 0 && index < vertices)) {
      throw new MeshError('invalid_glb', `Mesh ${mesh} names vertex ${index} of ${vertices}`);
    }
  }
}

function allFinite(accessor: Accessor): boolean {
  return accessor.getArray()?.every((value: number) => Number.isFinite(value)) ?? false;
}
