import type { Mask } from '../cutout/mask.js';
import { seeded } from '../reference/random.js';
import { smoothNormals } from './normals.js';
import { closedSheet, squarePolygons, type Sheet } from './sheet.js';

const sheetOver = (mask: Mask, height = 1): Sheet => {
  const heights = mask.cells.map(() => height);
  return closedSheet(mask, { front: heights, back: heights });
};

/** Blobs at random, with every kind of square somewhere; the frame is outside. */
function blobs(seed: number, side = 24): Mask {
  const random = seeded(seed);
  const cells = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return x === 0 || y === 0 || x === side - 1 || y === side - 1 ? 0 : random();
  });
  return { width: side, height: side, cells };
}

/** How often each directed edge between places occurs. */
function edgesOf({ positions, triangles }: Sheet): Map<string, number> {
  const place = (vertex: number): string => positions.subarray(3 * vertex, 3 * vertex + 3).join(' ');
  const edges = new Map<string, number>();
  for (let t = 0; t < triangles.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const edge = `${place(triangles[t + k]!)} → ${place(triangles[t + ((k + 1) % 3)]!)}`;
      edges.set(edge, (edges.get(edge) ?? 0) + 1);
    }
  }
  return edges;
}

describe('the polygons of a grid square', () => {
  it.each(Array.from({ length: 16 }, (_, bits) => bits))('use every inside corner once (case %i)', (bits) => {
    const inside = [0, 1, 2, 3].map((k) => (bits & (1 << k)) !== 0);
    const polygons = squarePolygons(inside);
    const used = polygons.flat().filter((item) => item < 4);
    expect(used.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3].filter((k) => inside[k]));
    for (const polygon of polygons) expect(polygon.length).toBeGreaterThan(2);
  });
});

describe('the sheet over a mask', () => {
  it.each([1, 2, 3, 4, 5])('is closed: every edge is walked once each way (blobs %i)', (seed) => {
    const edges = edgesOf(sheetOver(blobs(seed)));
    expect(edges.size).toBeGreaterThan(100);
    for (const [edge, times] of edges) {
      expect(times).toBe(1);
      expect(edges.get(edge.split(' → ').toReversed().join(' → '))).toBe(1);
    }
  });

  it('is empty over nothing', () => {
    expect(sheetOver({ width: 5, height: 5, cells: new Float32Array(25) }).triangles).toHaveLength(0);
  });

  it('faces outwards, and both skins share the normals of the rim', () => {
    const sheet = sheetOver(blobs(6));
    // the sheet's y grows downwards: turn it up first
    const upright = sheet.positions.map((value, i) => (i % 3 === 1 ? -value : value));
    const normals = smoothNormals(upright, sheet.triangles, sheet.twins);
    const normalOf = (vertex: number): number[] => [...normals.subarray(3 * vertex, 3 * vertex + 3)];
    const vertices = [...sheet.twins.keys()];
    const rim = vertices.filter((vertex) => sheet.twins[vertex] !== vertex);
    const inner = vertices.filter((vertex) => sheet.twins[vertex] === vertex);
    expect(rim.map(normalOf)).toEqual(rim.map((vertex) => normalOf(sheet.twins[vertex]!)));
    const outwards = inner.map((vertex) => normalOf(vertex)[2]! * (sheet.sides[vertex] === 0 ? 1 : -1));
    expect(Math.min(...outwards)).toBeGreaterThan(0);
  });
});
