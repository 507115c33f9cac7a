import { floatsOf } from '../../scene/reading/accessor.js';
import type { Surface } from '../surface.js';

/** Cosine of the angle between a normal and its triangle above which it still tells something of the shape. */
const likeness = 0.5;
/** Share of corners that may be worse. */
const tolerated = 0.1;

/**
 * Removes the normals of primitives that became too coarse for them: where many lie more than 60° off their triangles,
 * light would fall on a shape that is no longer there. They are computed anew later, like missing ones.
 */
export function dropStrayNormals({ primitives, firstVertex, positions, indices }: Surface): void {
  for (const [index, primitive] of primitives.entries()) {
    const accessor = primitive.getAttribute('NORMAL');
    if (!accessor) continue;
    const [first, end] = [firstVertex[index]!, firstVertex[index + 1]!];
    const normals = floatsOf(accessor);
    let [corners, stray] = [0, 0];
    for (let i = 0; i + 2 < indices.length; i += 3) {
      if (indices[i]! < first || indices[i]! >= end) continue;
      const face = faceNormal(positions, indices, i);
      for (let k = i; k < i + 3; k++) {
        const at = 3 * (indices[k]! - first);
        const along = face[0]! * normals[at]! + face[1]! * normals[at + 1]! + face[2]! * normals[at + 2]!;
        corners++;
        if (along < likeness) stray++;
      }
    }
    if (stray > tolerated * corners) for (const lost of ['NORMAL', 'TANGENT']) primitive.setAttribute(lost, null);
  }
}

function faceNormal(p: Float32Array, indices: Uint32Array, at: number): number[] {
  const [a, b, c] = [3 * indices[at]!, 3 * indices[at + 1]!, 3 * indices[at + 2]!];
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
