const { PI, cos, floor, hypot, max, min, sin, sqrt } = Math;

/** A closed, convex surface with vertices of its own. */
export interface Hull {
  positions: Float32Array;
  indices: Uint32Array;
}

/** Directions in which the outermost points are looked for: more than a coarse hull has corners. */
const directionCount = 256;
/** Thickness, as a share of the diagonal, that flat things get. */
const leastThickness = 1e-3;
/** Share of its bounds below which a hull is flat, though none of them is. */
const leastVolume = 1e-5;

/**
 * A convex hull of points with at most `most` (4 or more) triangles: of those points that lie farthest out, as many as
 * are farthest from each other. A hull of V points has no more than 2V − 4 triangles. Flat things become a thin
 * tetrahedron.
 */
export async function hullOf(points: Float32Array, most: number): Promise<Hull> {
  const { low, size } = boundsOf(points);
  if (min(...size) < leastThickness * hypot(...size)) return tetrahedron(low, size);
  const corners = spread(outermost(points), floor((most + 4) / 2));
  const { default: instantiate } = await import('manifold-3d/manifold.js');
  const kernel = await instantiate();
  kernel.setup();
  // in a unit box, which leaves the hull the same and makes the kernel's tolerances mean the same along every axis
  const solid = kernel.Manifold.hull(
    corners.map((corner) => [0, 1, 2].map((k) => (corner[k]! - low[k]!) / size[k]!) as [number, number, number]),
  );
  const { vertProperties, triVerts, numProp } = solid.getMesh();
  if (triVerts.length > 3 * most || !(solid.volume() > leastVolume)) return tetrahedron(low, size);
  const positions = new Float32Array((vertProperties.length / numProp) * 3);
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    positions[i] = vertProperties[((i - axis) / 3) * numProp + axis]! * size[axis]! + low[axis]!;
  }
  return { positions, indices: Uint32Array.from(triVerts) };
}

/** The farthest points in directions spread evenly over a ball (a Fibonacci spiral), each once. */
function outermost(points: Float32Array): number[][] {
  const found = new Set<number>();
  const golden = PI * (3 - sqrt(5));
  for (let n = 0; n < directionCount; n++) {
    const y = 1 - (2 * n + 1) / directionCount;
    const [ring, angle] = [sqrt(1 - y * y), golden * n];
    found.add(farthest(points, ring * cos(angle), y, ring * sin(angle)));
  }
  return [...found].map((at) => [...points.subarray(at, at + 3)]);
}

function farthest(points: Float32Array, x: number, y: number, z: number): number {
  let [best, at] = [-Infinity, 0];
  for (let i = 0; i + 2 < points.length; i += 3) {
    const reach = points[i]! * x + points[i + 1]! * y + points[i + 2]! * z;
    if (reach > best) [best, at] = [reach, i];
  }
  return at;
}

/** At most `count` of the points, each next one the farthest from all before. */
function spread(points: number[][], count: number): number[][] {
  if (points.length <= count) return points;
  const chosen = [points[0]!];
  const distances = points.map(() => Infinity);
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    let next = 0;
    for (const [index, point] of points.entries()) {
      const distance = hypot(point[0]! - last[0]!, point[1]! - last[1]!, point[2]! - last[2]!);
      if (distance < distances[index]!) distances[index] = distance;
      if (distances[index]! > distances[next]!) next = index;
    }
    chosen.push(points[next]!);
  }
  return chosen;
}

function boundsOf(points: Float32Array): { low: number[]; size: number[] } {
  const [low, high] = [Infinity, -Infinity].map((value) => [value, value, value]) as [number[], number[]];
  for (let i = 0; i < points.length; i++) {
    const axis = i % 3;
    if (points[i]! < low[axis]!) low[axis] = points[i]!;
    if (points[i]! > high[axis]!) high[axis] = points[i]!;
  }
  return { low, size: high.map((value, axis) => value - low[axis]!) };
}

/** Four corners of a box, no two on one edge: as long, wide and high as the box. */
function tetrahedron(low: number[], size: number[]): Hull {
  const thick = size.map((value) => max(value, hypot(...size) * leastThickness));
  const positions = [
    [0, 0, 0],
    [1, 1, 0],
    [1, 0, 1],
    [0, 1, 1],
  ].flatMap((corner) => corner.map((share, axis) => low[axis]! + share * thick[axis]!));
  return { positions: Float32Array.from(positions), indices: Uint32Array.from([0, 1, 2, 0, 3, 1, 0, 2, 3, 1, 3, 2]) };
}
