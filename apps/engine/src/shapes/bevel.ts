import type { ManifoldToplevel, Mesh, Vec2 } from 'manifold-3d/manifold.js';

/** Steps of the quarter circle that rounds an edge. */
const steps = 3;

/**
 * A board with rounded edges. Outlines run anticlockwise, holes clockwise. Rings of equal vertex count are stacked, so the
 * result is closed whatever the outline; a bevel wider than half the narrowest stroke would make it cross itself.
 */
export function bevelledMesh(kernel: ManifoldToplevel, outlines: Vec2[][], thickness: number, bevel: number): Mesh {
  const quarter = Array.from({ length: steps + 1 }, (_, i) => (i / steps) * (Math.PI / 2));
  const rising = quarter.map((turn) => ({ z: bevel * (1 - Math.cos(turn)), inset: bevel * (1 - Math.sin(turn)) }));
  const rings = [...rising, ...rising.toReversed().map(({ z, inset }) => ({ z: thickness - z, inset }))];
  const count = outlines.reduce((sum, outline) => sum + outline.length, 0);
  const vertices = rings.flatMap(({ z, inset }) =>
    outlines.flatMap((outline) => shrunk(outline, inset).map(([x, y]) => [x, y, z])),
  );
  const triangles: number[] = [];
  rings.slice(1).forEach((_, ring) => {
    let start = ring * count;
    for (const outline of outlines) {
      outline.forEach((_point, i) => {
        const [a, b] = [start + i, start + ((i + 1) % outline.length)];
        triangles.push(a, b, b + count, a, b + count, a + count);
      });
      start += outline.length;
    }
  });
  const caps = kernel.triangulate(outlines.map((outline) => shrunk(outline, bevel)));
  const top = (rings.length - 1) * count;
  for (const [a, b, c] of caps) triangles.push(a, c, b, top + a, top + b, top + c);
  return new kernel.Mesh({
    numProp: 3,
    vertProperties: Float32Array.from(vertices.flat()),
    triVerts: Uint32Array.from(triangles),
  });
}

/** An outline moved inwards by a distance, corner by corner; sharp corners move at most twice as far. */
function shrunk(outline: Vec2[], distance: number): Vec2[] {
  return outline.map((point, i) => {
    const before = inward(outline.at(i - 1)!, point);
    const after = inward(point, outline[(i + 1) % outline.length]!);
    const share = distance / Math.max(0.25, 1 + before[0] * after[0] + before[1] * after[1]);
    return [point[0] + (before[0] + after[0]) * share, point[1] + (before[1] + after[1]) * share];
  });
}

/** The unit normal to the left of a step: inwards when the outline runs anticlockwise. */
function inward(from: Vec2, to: Vec2): Vec2 {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  return [-dy / length, dx / length];
}
