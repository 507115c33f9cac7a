const { ceil, log2, max } = Math;

const { abs, floor, imul } = Math;

/** Cells are eight tolerances wide: a position rarely lies near the rim of its cell, and few different ones share it. */
const cellWidth = 8;

/** Counting from here by ones still changes a number. */
const outermost = 2 ** 52;

/**
 * Numbers positions so that two closer than a tolerance (per axis) get the same number. An open-addressing hash of grid
 * cells in typed arrays: 100,000 positions take some 20 ms.
 */
export class PositionIndex {
  private readonly slots: Int32Array;
  private readonly points: Float64Array;
  private readonly inverseCell: number;
  private used = 0;

  /** `capacity`: the most positions that will be added. `tolerance`: in the unit of the positions. */
  constructor(
    capacity: number,
    private readonly tolerance: number,
  ) {
    this.slots = new Int32Array(2 ** ceil(log2(max(16, capacity * 2)))).fill(-1);
    this.points = new Float64Array(capacity * 3);
    this.inverseCell = 1 / (cellWidth * tolerance);
  }

  /** How many different positions there are. */
  get size(): number {
    return this.used;
  }

  /** The number of the position, a new one when none is near. */
  add(x: number, y: number, z: number): number {
    const near = this.find(x, y, z);
    if (near >= 0) return near;
    let slot = this.slotOf(this.cell(x), this.cell(y), this.cell(z));
    while (this.slots[slot] !== -1) slot = (slot + 1) & (this.slots.length - 1);
    this.slots[slot] = this.used;
    this.points[3 * this.used] = x;
    this.points[3 * this.used + 1] = y;
    this.points[3 * this.used + 2] = z;
    return this.used++;
  }

  /** Coordinate `axis` of the position that number was first given to. */
  coordinate(number: number, axis: number): number {
    return this.points[3 * number + axis]!;
  }

  private find(x: number, y: number, z: number): number {
    const t = this.tolerance;
    const [fromX, toX] = [this.cell(x - t), this.cell(x + t)];
    const [fromY, toY] = [this.cell(y - t), this.cell(y + t)];
    const [fromZ, toZ] = [this.cell(z - t), this.cell(z + t)];
    for (let cx = fromX; cx <= toX; cx++) {
      for (let cy = fromY; cy <= toY; cy++) {
        for (let cz = fromZ; cz <= toZ; cz++) {
          const found = this.findIn(cx, cy, cz, x, y, z);
          if (found >= 0) return found;
        }
      }
    }
    return -1;
  }

  // oxlint-disable-next-line max-params -- innermost loop: an object per call would cost more than the search
  private findIn(cx: number, cy: number, cz: number, x: number, y: number, z: number): number {
    const { slots, points, tolerance } = this;
    for (let slot = this.slotOf(cx, cy, cz); slots[slot] !== -1; slot = (slot + 1) & (slots.length - 1)) {
      const at = slots[slot]!;
      if (
        abs(points[3 * at]! - x) <= tolerance &&
        abs(points[3 * at + 1]! - y) <= tolerance &&
        abs(points[3 * at + 2]! - z) <= tolerance
      ) {
        return at;
      }
    }
    return -1;
  }

  /** Far from the origin numbers have no room for cells of their own: there, all places share the outermost. */
  private cell(value: number): number {
    const cell = floor(value * this.inverseCell);
    return cell > outermost ? outermost : cell < -outermost ? -outermost : cell;
  }

  private slotOf(cx: number, cy: number, cz: number): number {
    const mixed = imul(cx, 73856093) ^ imul(cy, 19349663) ^ imul(cz, 83492791);
    return (imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 7) & (this.slots.length - 1);
  }
}

/** Positions closer than this share of the model's diagonal are taken for one. */
export const relativeTolerance = 1e-6;
