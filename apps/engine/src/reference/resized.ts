import type { Surface } from './gltf.js';
import type { Size } from './prompt/manners.js';

/** The larger side of a thing of ordinary size, and of the largest, in metres. */
export const metres = { ordinary: 0.8, largest: 1 };

/** A standing surface stretched by size words and brought to its size, normals with it. */
export function resized(surface: Surface, { tall, wide, scale }: Size): Surface {
  const stretch = [wide, tall, wide];
  const extents = [0, 1, 2].map((axis) => {
    const values = surface.positions.filter((_, i) => i % 3 === axis);
    return (values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))) * stretch[axis]!;
  });
  const whole = Math.min(metres.largest, metres.ordinary * scale) / Math.max(...extents);
  const normals = surface.normals.map((value, i) => value / stretch[i % 3]!);
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!);
    for (let k = i; k < i + 3; k++) normals[k] = normals[k]! / length;
  }
  return { ...surface, positions: surface.positions.map((value, i) => value * stretch[i % 3]! * whole), normals };
}
