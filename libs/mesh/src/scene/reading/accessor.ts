import type { Accessor } from '@gltf-transform/core';

/** The values of an accessor as floats, normalised integers scaled to 0–1; not copied where they are floats already. */
export function floatsOf(accessor: Accessor): Float32Array {
  const array = accessor.getArray();
  if (array instanceof Float32Array && !accessor.getNormalized()) return array;
  const size = accessor.getElementSize();
  const values = new Float32Array(accessor.getCount() * size);
  const element: number[] = [];
  for (let i = 0; i < accessor.getCount(); i++) values.set(accessor.getElement(i, element), i * size);
  return values;
}

/** The same with 0 in place of values that are no numbers; not copied where there are none. */
export function finiteFloatsOf(accessor: Accessor): Float32Array {
  const values = floatsOf(accessor);
  return values.every((value) => Number.isFinite(value))
    ? values
    : values.map((value) => (Number.isFinite(value) ? value : 0));
}

/** A colour accessor as red, green, blue, alpha; alpha is 1 where it is not stored. */
export function rgbaOf(accessor: Accessor): Float32Array {
  const values = finiteFloatsOf(accessor);
  if (accessor.getElementSize() === 4) return values;
  const rgba = new Float32Array(accessor.getCount() * 4).fill(1);
  for (let i = 0; i < accessor.getCount(); i++) rgba.set(values.subarray(3 * i, 3 * i + 3), 4 * i);
  return rgba;
}
