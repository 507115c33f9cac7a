import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';

/** Element types of the attributes the scene model reads (glTF 2.0 §3.7.2.1). */
const attributeTypes: Record<string, readonly string[]> = {
  POSITION: ['VEC3'],
  NORMAL: ['VEC3'],
  TANGENT: ['VEC4'],
  COLOR_0: ['VEC3', 'VEC4'],
};
const indexTypes: ReadonlySet<number> = new Set([5121, 5123, 5125]);

/** Element types an attribute may have; `undefined` for those that are only carried along. */
export const typesOf = (semantic: string): readonly string[] | undefined =>
  Object.hasOwn(attributeTypes, semantic)
    ? attributeTypes[semantic]
    : semantic.startsWith('TEXCOORD_')
      ? ['VEC2']
      : undefined;

/** Refuses primitives whose attributes are not of one length or not of their type, and indices that are no indices. */
export function checkPrimitives({ accessors = [], meshes = [] }: GLTF.IGLTF): void {
  for (const [index, { primitives }] of meshes.entries()) {
    for (const primitive of primitives) checkPrimitive(primitive, accessors, `mesh ${index}`);
  }
}

function checkPrimitive(primitive: GLTF.IMeshPrimitive, accessors: GLTF.IAccessor[], of: string): void {
  const { attributes, indices, targets = [] } = primitive;
  const vertices = Object.hasOwn(attributes, 'POSITION') ? accessors[attributes['POSITION']!]!.count : undefined;
  for (const [semantic, accessor] of [attributes, ...targets].flatMap((one) => Object.entries(one))) {
    const { count, type } = accessors[accessor]!;
    if (semantic in {}) throw new MeshError('invalid_glb', `An attribute of ${of} is called ${semantic}`);
    if ((vertices !== undefined && count !== vertices) || typesOf(semantic)?.includes(type) === false) {
      throw new MeshError('invalid_glb', `${semantic} of ${of} does not fit its ${vertices} vertices`);
    }
  }
  if (indices === undefined) return;
  const { type, componentType } = accessors[indices]!;
  if (type !== 'SCALAR' || !indexTypes.has(componentType)) {
    throw new MeshError('invalid_glb', `The indices of ${of} are ${type} of ${componentType}`);
  }
}
