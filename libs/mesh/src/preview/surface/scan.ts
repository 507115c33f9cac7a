import type { BakedMesh } from '../../scene/bake.js';
import type { Projected } from '../camera.js';

const { abs, ceil, floor, max, min } = Math;

/** A square of samples. */
export interface Grid {
  /** Width and height */
  side: number;
  /**
   * Rows and columns are shifted against each other, so that an edge which is almost level or upright meets the samples
   * of a pixel one by one and not four at once.
   */
  staggered: boolean;
}

/** Triangles and where their corners lie on a grid. */
export interface ScannedMesh extends Pick<BakedMesh, 'indices'> {
  screen: Projected;
}

/** Shift of the rows to the right and of the columns downwards; repeats every four. */
const stagger = Float64Array.of(-0.375, -0.125, 0.125, 0.375);
const still = new Float64Array(4);
/** Columns by which the computed ends of a row may be off. */
const rounding = 1e-3;
/** Columns from which it pays to compute where a row begins and ends. */
const wide = 6;

/** Middle of a staggered sample, from the left. */
export const staggeredX = (column: number, row: number): number => column + 0.5 + stagger[row & 3]!;
/** Middle of a staggered sample, from the top. */
export const staggeredY = (column: number, row: number): number => row + 0.5 + stagger[column & 3]!;

/**
 * Finds the samples of a grid that lie in a triangle, row by row. One object is reused for all triangles, and what it
 * finds is read from its fields: a call per sample would make garbage of every number.
 *
 *     if (scan.select(triangle))
 *       for (let y = scan.top; y <= scan.bottom; y++)
 *         for (let x = scan.enter(y); x <= scan.right; x++)
 *           if (scan.covers(x)) seen(x, y, scan.nearness);
 */
export class Scan {
  top = 0;
  bottom = -1;
  /** Last column of the row that was entered */
  right = -1;
  /** Of the sample that was found covered */
  nearness = 0;
  private readonly shifts: Float64Array;
  private readonly slack: number;
  private readonly shiftA = new Float64Array(4);
  private readonly shiftB = new Float64Array(4);
  private left = 0;
  private last = 0;
  private cornerX = 0;
  private cornerY = 0;
  /** By these the shares of two corners change from one sample to the next. */
  private aRight = 0;
  private aDown = 0;
  private bRight = 0;
  private bDown = 0;
  private rowA = 0;
  private rowB = 0;
  private nearA = 0;
  private nearB = 0;
  private nearC = 0;

  constructor(
    private readonly mesh: ScannedMesh,
    private readonly grid: Grid,
    private readonly doubleSided: boolean,
  ) {
    this.shifts = grid.staggered ? stagger : still;
    this.slack = grid.staggered ? 0.375 : 0;
  }

  /** Whether a triangle may cover samples; says in which rows. */
  select(triangle: number): boolean {
    const { indices, screen } = this.mesh;
    const a = indices[3 * triangle]!;
    const b = indices[3 * triangle + 1]!;
    const c = indices[3 * triangle + 2]!;
    const x0 = screen.x[a]!;
    const y0 = screen.y[a]!;
    const x1 = screen.x[b]!;
    const y1 = screen.y[b]!;
    const x2 = screen.x[c]!;
    const y2 = screen.y[c]!;
    const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (area === 0 || (area > 0 && !this.doubleSided)) return false;
    const { slack } = this;
    const edge = this.grid.side - 1;
    this.left = max(0, ceil(min(x0, x1, x2) - 0.5 - slack)) | 0;
    this.last = min(edge, floor(max(x0, x1, x2) - 0.5 + slack)) | 0;
    this.top = max(0, ceil(min(y0, y1, y2) - 0.5 - slack)) | 0;
    this.bottom = min(edge, floor(max(y0, y1, y2) - 0.5 + slack)) | 0;
    if (this.left > this.last || this.top > this.bottom) return false;
    const inverse = 1 / area;
    this.cornerX = x2;
    this.cornerY = y2;
    this.aRight = (y1 - y2) * inverse;
    this.aDown = (x2 - x1) * inverse;
    this.bRight = (y2 - y0) * inverse;
    this.bDown = (x0 - x2) * inverse;
    for (let k = 0; k < 4; k++) {
      this.shiftA[k] = this.aDown * this.shifts[k]!;
      this.shiftB[k] = this.bDown * this.shifts[k]!;
    }
    this.nearA = screen.nearness[a]!;
    this.nearB = screen.nearness[b]!;
    this.nearC = screen.nearness[c]!;
    return true;
  }

  /** Enters a row: returns the first column in which the triangle may be and sets `right` to the last. */
  enter(y: number): number {
    const dx = this.left + 0.5 + this.shifts[y & 3]! - this.cornerX;
    const dy = y + 0.5 - this.cornerY;
    this.rowA = dx * this.aRight + dy * this.aDown;
    this.rowB = dx * this.bRight + dy * this.bDown;
    this.right = this.last;
    if (this.last - this.left < wide) return this.left;
    // the row is entered and left where a share becomes 0; a staggered sample may lie a little beyond
    const { slack, aRight, bRight } = this;
    const slackA = slack * abs(this.aDown);
    const slackB = slack * abs(this.bDown);
    const slackC = slack * abs(this.aDown + this.bDown);
    let from = 0;
    let to = this.last - this.left;
    const a = this.rowA + slackA;
    const b = this.rowB + slackB;
    const c = 1 - this.rowA - this.rowB + slackC;
    if (aRight > 0) from = max(from, -a / aRight);
    else if (aRight < 0) to = min(to, -a / aRight);
    if (bRight > 0) from = max(from, -b / bRight);
    else if (bRight < 0) to = min(to, -b / bRight);
    if (aRight + bRight < 0) from = max(from, c / (aRight + bRight));
    else if (aRight + bRight > 0) to = min(to, c / (aRight + bRight));
    this.right = (this.left + floor(to + rounding)) | 0;
    return (this.left + ceil(from - rounding)) | 0;
  }

  /** Whether the triangle covers the sample in that column of the row; sets `nearness`. */
  covers(x: number): boolean {
    const a = this.rowA + (x - this.left) * this.aRight + this.shiftA[x & 3]!;
    const b = this.rowB + (x - this.left) * this.bRight + this.shiftB[x & 3]!;
    const c = 1 - a - b;
    if (a < 0 || b < 0 || c < 0) return false;
    this.nearness = a * this.nearA + b * this.nearB + c * this.nearC;
    return true;
  }
}

/** How many samples have to be looked at for all triangles of a mesh, at most. */
export function costOf({ indices, screen }: ScannedMesh, side: number): number {
  let tests = 0;
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const a = indices[i]!;
    const b = indices[i + 1]!;
    const c = indices[i + 2]!;
    const width = max(screen.x[a]!, screen.x[b]!, screen.x[c]!) - min(screen.x[a]!, screen.x[b]!, screen.x[c]!);
    const height = max(screen.y[a]!, screen.y[b]!, screen.y[c]!) - min(screen.y[a]!, screen.y[b]!, screen.y[c]!);
    tests += min(width + 1, side) * min(height + 1, side);
  }
  return tests;
}
