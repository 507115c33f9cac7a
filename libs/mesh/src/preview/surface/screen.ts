import { staggeredX, staggeredY } from './scan.js';
import { Visibility } from './visibility.js';

const { floor } = Math;

/** Samples per pixel, each way, that decide what is seen. */
export const finePerPixel = 4;
/** Samples per cell, each way: a cell is what is lit as one. */
export const finePerCell = 2;

/** The samples, cells and pixels of a picture, and what they see of solid surfaces. */
export class Screen {
  /** Samples of the picture, each way */
  readonly side: number;
  readonly solid: Visibility;

  /** `pixels`: width and height of the picture. */
  constructor(readonly pixels: number) {
    this.side = pixels * finePerPixel;
    this.solid = new Visibility({ side: this.side, staggered: true });
  }

  /** Cells of the picture, each way */
  get cells(): number {
    return this.side / finePerCell;
  }

  /** Middle of a sample, from the left. */
  xOf(sample: number): number {
    return staggeredX(sample % this.side, floor(sample / this.side));
  }

  /** Middle of a sample, from the top. */
  yOf(sample: number): number {
    return staggeredY(sample % this.side, floor(sample / this.side));
  }

  /** Whether the pixel whose first sample that is sees anything. */
  sees(first: number): boolean {
    for (let k = 0; k < finePerPixel * finePerPixel; k++) {
      if (this.solid.nearness[first + (k >> 2) * this.side + (k & 3)]! > 0) return true;
    }
    return false;
  }

  /** A sample of a pixel that sees something, in its middle if possible; −1 where none does. */
  seenIn(x: number, y: number): number {
    const { triangles } = this.solid;
    const first = finePerPixel * (y * this.side + x);
    for (let k = 0; k < columns.length; k++) {
      const sample = first + rows[k]! * this.side + columns[k]!;
      if (triangles[sample]! >= 0) return sample;
    }
    return -1;
  }
}

/** The order in which samples of a pixel are asked. */
const columns = Uint8Array.of(1, 2, 2, 1, 0, 3, 3, 0);
const rows = Uint8Array.of(1, 2, 1, 2, 0, 3, 0, 3);
