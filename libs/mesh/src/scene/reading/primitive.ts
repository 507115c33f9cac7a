import { Primitive as GltfPrimitive } from '@gltf-transform/core';
import { finiteFloatsOf, floatsOf, rgbaOf } from './accessor.js';
import type { Material, Primitive } from '../scene.js';
import { mappedUvs, type UvMapping } from './uv-mapping.js';

const { TRIANGLES, TRIANGLE_STRIP, TRIANGLE_FAN } = GltfPrimitive.Mode;

/** The triangles of a glTF primitive; `null` for points and lines, which none of the target formats knows. */
export function primitiveOf(source: GltfPrimitive, material: Material | null, uv: UvMapping): Primitive | null {
  const position = source.getAttribute('POSITION');
  const indices = position && triangleIndices(source, position.getCount());
  if (!position || !indices || indices.length === 0) return null;
  const color = source.getAttribute('COLOR_0');
  const normal = source.getAttribute('NORMAL');
  return {
    positions: floatsOf(position),
    normals: normal && finiteFloatsOf(normal),
    uvs: mappedUvs(source, uv),
    colors: color && rgbaOf(color),
    indices,
    material,
  };
}

function triangleIndices(source: GltfPrimitive, vertices: number): Uint32Array | null {
  const stored = source.getIndices()?.getArray();
  const indices = stored ? Uint32Array.from(stored) : Uint32Array.from({ length: vertices }, (_, i) => i);
  const mode = source.getMode();
  if (mode === TRIANGLES) return indices.subarray(0, indices.length - (indices.length % 3));
  if (mode === TRIANGLE_STRIP) return unrolled(indices, (i) => (i % 2 === 0 ? [i, i + 1, i + 2] : [i + 1, i, i + 2]));
  if (mode === TRIANGLE_FAN) return unrolled(indices, (i) => [0, i + 1, i + 2]);
  return null;
}

function unrolled(indices: Uint32Array, corners: (triangle: number) => [number, number, number]): Uint32Array {
  const triangles = new Uint32Array(Math.max(0, indices.length - 2) * 3);
  for (let i = 0; i < triangles.length / 3; i++) {
    triangles.set(
      corners(i).map((corner) => indices[corner]!),
      3 * i,
    );
  }
  return triangles;
}
