import type { Mask } from '../cutout/mask.js';

/** Two skins over one outline, sewn together along it: a closed surface in grid units. */
export interface Sheet {
  /** x to the right, y downwards, z towards the front. */
  positions: Float32Array<ArrayBuffer>;
  /** For each vertex, 0 when it belongs to the front skin and 1 when to the back. */
  sides: Uint8Array;
  /** Anticlockwise when y points upwards. */
  triangles: Uint32Array<ArrayBuffer>;
  /** For each vertex of the outline, its twin on the other skin, else its own number. */
  twins: Uint32Array;
}

/** How high the two skins stand over each cell, and they meet at height 0 where the mask passes one half. */
export interface Heights {
  front: Float32Array;
  back: Float32Array;
}

/** Corners of a grid square, anticlockwise on a screen; edge k joins corner k to the next. */
const corners: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
];

/** The outline keeps this far from grid points, in cells, so that no triangle shrinks to nothing. */
const clearance = 0.02;

/**
 * Marching squares: the polygons of one square, given which corners are inside. Numbers 0..3 are corners, 4..7 are the
 * crossings on edges 0..3. Two opposite corners make two separate polygons.
 */
export function squarePolygons(inside: readonly boolean[]): number[][] {
  const count = inside.filter(Boolean).length;
  if (count === 2 && inside[0] === inside[2]) {
    return [0, 1, 2, 3].filter((k) => inside[k]).map((k) => [4 + ((k + 3) % 4), k, 4 + k]);
  }
  const polygon = [0, 1, 2, 3].flatMap((k) => [
    ...(inside[k] ? [k] : []),
    ...(inside[k] === inside[(k + 1) % 4] ? [] : [4 + k]),
  ]);
  return polygon.length > 0 ? [polygon] : [];
}

const polygonTable = Array.from({ length: 16 }, (_, bits) =>
  squarePolygons([0, 1, 2, 3].map((k) => (bits & (1 << k)) !== 0)),
);

/** Builds the closed surface over a mask whose outermost cells are outside. Heights must be above 0 on inside cells. */
export function closedSheet(mask: Mask, heights: Heights): Sheet {
  const builder = new SheetBuilder(mask, heights);
  for (let y = 0; y < mask.height - 1; y++) {
    for (let x = 0; x < mask.width - 1; x++) builder.addSquare(x, y);
  }
  return builder.sheet();
}

class SheetBuilder {
  private readonly positions: number[] = [];
  private readonly sides: number[] = [];
  private readonly triangles: number[] = [];
  private readonly twins: number[] = [];
  /** First of the two vertices, front then back, of each grid point and of each grid edge. */
  private readonly known: Int32Array;

  constructor(
    private readonly mask: Mask,
    private readonly heights: Heights,
  ) {
    this.known = new Int32Array(3 * mask.cells.length).fill(-1);
  }

  addSquare(x: number, y: number): void {
    const bits = corners.reduce((sum, [dx, dy], k) => sum | (this.depthOf(x + dx, y + dy) > 0 ? 1 << k : 0), 0);
    for (const polygon of polygonTable[bits]!) {
      const front = polygon.map((item) => (item < 4 ? this.corner(x, y, item) : this.crossing(x, y, item - 4)));
      for (let k = 1; k + 1 < front.length; k++) {
        const [a, b, c] = [front[0]!, front[k]!, front[k + 1]!];
        this.triangles.push(a, b, c, a + 1, c + 1, b + 1);
      }
    }
  }

  sheet(): Sheet {
    return {
      positions: Float32Array.from(this.positions),
      sides: Uint8Array.from(this.sides),
      triangles: Uint32Array.from(this.triangles),
      twins: Uint32Array.from(this.twins),
    };
  }

  /** How far inside a grid point is: above 0 inside, at most 0 outside. */
  private depthOf(x: number, y: number): number {
    return this.mask.cells[y * this.mask.width + x]! - 0.5;
  }

  private corner(x: number, y: number, corner: number): number {
    const [dx, dy] = corners[corner]!;
    const cell = (y + dy) * this.mask.width + x + dx;
    return this.pair(cell, x + dx, y + dy, this.heights.front[cell]!, -this.heights.back[cell]!, false);
  }

  private crossing(x: number, y: number, edge: number): number {
    const [[ax, ay], [bx, by]] = [corners[edge]!, corners[(edge + 1) % 4]!];
    const [x0, y0] = [x + Math.min(ax, bx), y + Math.min(ay, by)];
    const [dx, dy] = [Math.abs(ax - bx), Math.abs(ay - by)];
    const [one, other] = [this.depthOf(x0, y0), this.depthOf(x0 + dx, y0 + dy)];
    const share = Math.min(1 - clearance, Math.max(clearance, one / (one - other)));
    const key = (1 + dy) * this.mask.cells.length + y0 * this.mask.width + x0;
    return this.pair(key, x0 + dx * share, y0 + dy * share, 0, 0, true);
  }

  private pair(key: number, x: number, y: number, front: number, back: number, onOutline: boolean): number {
    if (this.known[key] !== -1) return this.known[key]!;
    const first = this.sides.length;
    this.positions.push(x, y, front, x, y, back);
    this.sides.push(0, 1);
    this.twins.push(...(onOutline ? [first + 1, first] : [first, first + 1]));
    this.known[key] = first;
    return first;
  }
}
