import type { GLTF } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { MeshError } from '../../error.js';

/** Everything but primitive restart: no step behind the reader knows strips that are cut by a marker. */
export const knownExtensions = ALL_EXTENSIONS.filter(
  ({ EXTENSION_NAME: name }) => name !== 'KHR_mesh_primitive_restart',
);

const names: ReadonlySet<string> = new Set(knownExtensions.map((extension) => extension.EXTENSION_NAME));

/** Refuses a document that cannot be understood without an extension that is not known here. */
export function checkExtensions({ extensionsRequired = [] }: GLTF.IGLTF): void {
  const unknown = extensionsRequired.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new MeshError('unsupported_glb', `The GLB requires the unknown extension ${unknown.slice(0, 80)}`);
  }
}
