import { toSrgb } from '../scene/colour.js';
import { toneMap } from './light/tone.js';

/** sRGB bytes of linear values, in steps fine enough that no byte is left out. */
const steps = 8192;
const encoded = Uint8Array.from({ length: steps + 1 }, (_, i) => Math.round(255 * toSrgb(i / steps)));

/** Linear light of every sample, with coverage; samples become pixels at the end. */
export class Picture {
  /** Red, green, blue already multiplied by coverage, coverage. */
  private readonly light: Float32Array;
  private readonly tone = new Float64Array(3);

  constructor(readonly samples: number) {
    this.light = new Float32Array(samples * samples * 4);
  }

  /** Lays a colour over a sample; `alpha` 1 covers it. */
  lay(sample: number, color: Float64Array, alpha: number): void {
    this.tone.set(color);
    toneMap(this.tone);
    const at = 4 * sample;
    for (let k = 0; k < 3; k++) this.light[at + k] = this.light[at + k]! * (1 - alpha) + this.tone[k]! * alpha;
    this.light[at + 3] = this.light[at + 3]! * (1 - alpha) + alpha;
  }

  /**
   * Averages 2 × 2 samples to a pixel over a ground of that darkness. Red, green, blue, alpha, 0–255, not premultiplied.
   */
  pixels(darkness: (x: number, y: number) => number): Uint8Array {
    const size = this.samples / 2;
    const out = new Uint8Array(size * size * 4);
    const sum = new Float64Array(4);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        this.average(x, y, sum);
        const covered = sum[3]!;
        const alpha = covered < 1 ? covered + (1 - covered) * darkness(2 * x + 1, 2 * y + 1) : 1;
        if (alpha <= 0) continue;
        const at = 4 * (y * size + x);
        for (let k = 0; k < 3; k++) out[at + k] = encoded[Math.round(Math.min(1, sum[k]! / alpha) * steps)]!;
        out[at + 3] = Math.round(255 * alpha);
      }
    }
    return out;
  }

  private average(x: number, y: number, sum: Float64Array): void {
    const first = 4 * (2 * y * this.samples + 2 * x);
    const below = first + 4 * this.samples;
    for (let k = 0; k < 4; k++) {
      const four =
        this.light[first + k]! + this.light[first + 4 + k]! + this.light[below + k]! + this.light[below + 4 + k]!;
      sum[k] = four / 4;
    }
  }
}
