import { toSrgb } from '../scene/colour.js';
import { toneMap } from './light/tone.js';

const { floor, max, min, round } = Math;

/** sRGB bytes of linear values, in steps fine enough that no byte is left out. */
const steps = 8192;
const encoded = Uint8Array.from({ length: steps + 1 }, (_, i) => round(255 * toSrgb(i / steps)));

/** Linear light of every cell, with coverage; cells become pixels at the end. */
export class Picture {
  /** Red, green, blue already multiplied by coverage, coverage. */
  private readonly light: Float32Array;
  private readonly tone = new Float64Array(3);

  /** `cells`: width and height, twice that of the picture. */
  constructor(readonly cells: number) {
    this.light = new Float32Array(cells * cells * 4);
  }

  clear(): void {
    this.light.fill(0);
  }

  /** Takes a colour to paint with: linear light of any strength. */
  dip(color: Float64Array): void {
    this.tone.set(color);
    toneMap(this.tone);
  }

  /** Paints a share of a cell beside what covers others. */
  add(cell: number, share: number): void {
    const { light, tone } = this;
    const at = 4 * cell;
    for (let k = 0; k < 3; k++) light[at + k]! += tone[k]! * share;
    light[at + 3]! += share;
  }

  /** Paints over a cell; `alpha` 1 covers it. */
  lay(cell: number, alpha: number): void {
    const { light, tone } = this;
    const at = 4 * cell;
    for (let k = 0; k < 3; k++) light[at + k] = light[at + k]! * (1 - alpha) + tone[k]! * alpha;
    light[at + 3] = light[at + 3]! * (1 - alpha) + alpha;
  }

  /**
   * Lays the picture over a ground of that darkness and averages cells to a picture of that size, in linear light.
   * Red, green, blue, alpha, 0–255, not premultiplied.
   */
  pixels(size: number, darkness: Float32Array): Uint8Array {
    const { out, sum } = { out: new Uint8Array(size * size * 4), sum: new Float64Array(4) };
    const wide = this.cells / size;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        this.average(x * wide, y * wide, wide, darkness, sum);
        const alpha = sum[3]!;
        if (alpha <= 0) continue;
        const at = 4 * (y * size + x);
        for (let k = 0; k < 3; k++) out[at + k] = encoded[round(min(1, sum[k]! / alpha) * steps)]!;
        out[at + 3] = round(255 * min(1, alpha));
      }
    }
    return out;
  }

  /** The mean of the cells from `left`, `top`, cut ones by the share inside; `darkness` has one value for 2 × 2 cells. */
  // oxlint-disable-next-line max-params -- innermost loop
  private average(left: number, top: number, wide: number, darkness: Float32Array, sum: Float64Array): void {
    sum.fill(0);
    const right = min(this.cells, left + wide);
    const bottom = min(this.cells, top + wide);
    for (let y = floor(top); y < bottom; y++) {
      const height = min(y + 1, bottom) - max(y, top);
      for (let x = floor(left); x < right; x++) {
        const share = ((min(x + 1, right) - max(x, left)) * height) / (wide * wide);
        const at = 4 * (y * this.cells + x);
        const covered = this.light[at + 3]!;
        for (let k = 0; k < 3; k++) sum[k]! += this.light[at + k]! * share;
        sum[3]! += (covered + (1 - covered) * darkness[(y >> 1) * (this.cells / 2) + (x >> 1)]!) * share;
      }
    }
  }
}
