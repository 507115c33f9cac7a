/**
 * Smooth normals: at each vertex the mean of its triangles' normals, each weighing as much as its area. A vertex and its twin
 * (the same point, stored twice) get the same normal.
 */
export function smoothNormals(
  positions: Float32Array,
  triangles: Uint32Array,
  twins: Uint32Array,
): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const normal = crossOf(positions, a, b, c);
    for (const corner of [a, b, c]) for (let k = 0; k < 3; k++) sums[corner + k] = sums[corner + k]! + normal[k]!;
  }
  const normals = new Float32Array(positions.length);
  twins.forEach((twin, vertex) => {
    const shared = [0, 1, 2].map((k) => sums[3 * vertex + k]! + (twin === vertex ? 0 : sums[3 * twin + k]!));
    const length = Math.hypot(...shared);
    normals.set(length > 0 ? shared.map((value) => value / length) : [0, 0, 1], 3 * vertex);
  });
  return normals;
}

function crossOf(positions: Float32Array, a: number, b: number, c: number): [number, number, number] {
  const [ux, uy, uz] = [0, 1, 2].map((k) => positions[b + k]! - positions[a + k]!) as [number, number, number];
  const [vx, vy, vz] = [0, 1, 2].map((k) => positions[c + k]! - positions[a + k]!) as [number, number, number];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}
