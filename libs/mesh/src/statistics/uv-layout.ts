import type { Geometry } from '../scene/scene.js';

const { ceil, max, min } = Math;

/** How the charts of a surface lie on its pictures. */
export interface UvLayout {
  /** Share of the unit square that charts cover, 0–1. Charts outside of it count where a repeated picture has them. */
  coverage: number;
  /** Share of the covered area that more than one triangle covers, 0–1: mirrored or stacked charts. */
  overlap: number;
}

/** Cells of the unit square, each way; a power of two. */
const side = 512;
/** Rows and cells looked at beyond which there is no answer: a picture repeated thousands of times. */
const maxSteps = 1e8;

/**
 * Measures the UVs of surfaces, given as one list for every material: each has a square of its own, and the answer is about
 * all squares together. `null` where no surface has UVs.
 */
export function measureUvs(materials: Iterable<Geometry[]>): UvLayout | null {
  const raster = new UvRaster();
  for (const surfaces of materials) {
    const mapped = surfaces.filter(({ uvs }) => uvs !== null);
    if (mapped.length === 0) continue;
    raster.clear();
    for (const { uvs, indices } of mapped) {
      if (!raster.draw(uvs!, indices)) return null;
    }
    raster.count();
  }
  if (raster.squares === 0) return null;
  return {
    coverage: raster.covered / (raster.squares * side * side),
    overlap: raster.covered > 0 ? raster.crowded / raster.covered : 0,
  };
}

/**
 * Counts the triangles on every cell of the unit square. A cell belongs to the triangle its middle lies in; edges are
 * computed from their lower end for both neighbours, so that none counts a cell twice or leaves one out.
 */
class UvRaster {
  squares = 0;
  covered = 0;
  crowded = 0;
  private readonly cells = new Uint8Array(side * side);
  private steps = 0;

  clear(): void {
    this.cells.fill(0);
  }

  count(): void {
    this.squares++;
    for (let i = 0; i < this.cells.length; i++) {
      if (this.cells[i]! > 0) this.covered++;
      if (this.cells[i]! > 1) this.crowded++;
    }
  }

  /** Draws triangles; `false` when there is too much to draw. */
  draw(uvs: Float32Array, indices: Uint32Array): boolean {
    for (let i = 0; i + 2 < indices.length; i += 3) {
      let [a, b, c] = [2 * indices[i]!, 2 * indices[i + 1]!, 2 * indices[i + 2]!];
      if (uvs[a + 1]! > uvs[b + 1]!) [a, b] = [b, a];
      if (uvs[b + 1]! > uvs[c + 1]!) [b, c] = [c, b];
      if (uvs[a + 1]! > uvs[b + 1]!) [a, b] = [b, a];
      this.half(uvs, a, b, a, c);
      this.half(uvs, b, c, a, c);
      if (this.steps > maxSteps) return false;
    }
    return true;
  }

  /** The rows of the edge from `low` to `high`, as far as the edge from `start` to `end` that runs beside it. */
  // oxlint-disable-next-line max-params -- innermost loop
  private half(uvs: Float32Array, low: number, high: number, start: number, end: number): void {
    const top = ceil(uvs[low + 1]! * side - 0.5);
    const bottom = ceil(uvs[high + 1]! * side - 0.5);
    this.steps += bottom - top;
    if (this.steps > maxSteps) return;
    const short = slope(uvs, low, high);
    const long = slope(uvs, start, end);
    for (let y = top; y < bottom; y++) {
      const v = (y + 0.5) / side;
      const one = ceil((uvs[low]! + (v - uvs[low + 1]!) * short) * side - 0.5);
      const other = ceil((uvs[start]! + (v - uvs[start + 1]!) * long) * side - 0.5);
      this.fill(y, min(one, other), max(one, other));
    }
  }

  private fill(y: number, left: number, right: number): void {
    this.steps += right - left;
    if (this.steps > maxSteps) return;
    const row = (y & (side - 1)) * side;
    for (let x = left; x < right; x++) {
      const cell = row + (x & (side - 1));
      if (this.cells[cell]! < 2) this.cells[cell]!++;
    }
  }
}

/** Change of u per v along an edge. */
const slope = (uvs: Float32Array, from: number, to: number): number =>
  (uvs[to]! - uvs[from]!) / (uvs[to + 1]! - uvs[from + 1]!);
