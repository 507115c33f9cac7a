import type { GLTF } from '@gltf-transform/core';
import { MeshError } from '../../../error.js';
import { dracoClaimsOf, dracoHeaderBytes } from './draco-claims.js';
import type { ReadView } from './pictures.js';

interface DracoCompression {
  bufferView: number;
  attributes: Record<string, number>;
}

/**
 * Refuses Draco data that unpacks to more than its accessors say (KHR_draco_mesh_compression: their counts are those of
 * the decoded mesh), so that their limits are its limits.
 */
export async function checkDraco(gltf: GLTF.IGLTF, readView: ReadView): Promise<void> {
  for (const [index, { primitives }] of (gltf.meshes ?? []).entries()) {
    for (const primitive of primitives) {
      const packed = primitive.extensions?.['KHR_draco_mesh_compression'] as DracoCompression | undefined;
      if (packed) await checkPrimitive(gltf, primitive, packed, { of: `mesh ${index}`, readView });
    }
  }
}

async function checkPrimitive(
  { accessors = [] }: GLTF.IGLTF,
  { attributes, indices }: GLTF.IMeshPrimitive,
  packed: DracoCompression,
  { of, readView }: { of: string; readView: ReadView },
): Promise<void> {
  const missing = Object.keys(packed.attributes).find((semantic) => !Object.hasOwn(attributes, semantic));
  if (missing !== undefined || !Object.hasOwn(packed.attributes, 'POSITION')) {
    throw new MeshError('invalid_glb', `The Draco data of ${of} and its attributes differ: ${missing ?? 'POSITION'}`);
  }
  const claims = dracoClaimsOf(await readView(packed.bufferView, dracoHeaderBytes));
  if (!claims) throw new MeshError('unsupported_glb', `The Draco data of ${of} is no Draco 2.2 triangle mesh`);
  const vertices = accessors[attributes['POSITION']!]!.count;
  const corners = indices === undefined ? vertices : accessors[indices]!.count;
  if (claims.vertices > vertices || claims.faces > corners) {
    const { faces, vertices: points } = claims;
    throw new MeshError(
      'invalid_glb',
      `The Draco data of ${of} has ${points} vertices and ${faces} faces, not ${vertices}`,
    );
  }
}
