import { betweenHalved } from './halving.js';

/** A level of the pyramid: colours with a weight of 0 (unknown) or 1. */
interface Level {
  width: number;
  height: number;
  rgbw: Float32Array;
}

/**
 * Spreads the colours of the known pixels over the unknown ones (pull-push: ever coarser means, then back), so that no
 * background shows where a texture is sampled at the rim. Takes RGBA where alpha 255 is known, 0 unknown; gives RGB.
 */
export function bleed(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const finest = {
    width,
    height,
    rgbw: Float32Array.from(rgba, (byte, i) => {
      const known = rgba[i | 3] === 255 ? 1 : 0;
      return (i & 3) === 3 ? known : byte * known;
    }),
  };
  const levels: Level[] = [finest];
  for (let level: Level = finest; level.width > 1 || level.height > 1; levels.push(level)) level = coarser(level);
  for (let i = levels.length - 2; i >= 0; i--) fill(levels[i]!, levels[i + 1]!);
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => finest.rgbw[4 * Math.floor(i / 3) + (i % 3)]!);
}

function coarser({ width, height, rgbw }: Level): Level {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const means = new Float32Array(w * h * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [from, to] = [4 * (y * width + x), 4 * ((y >> 1) * w + (x >> 1))];
      for (let k = 0; k < 4; k++) means[to + k] = means[to + k]! + rgbw[from + k]!;
    }
  }
  for (let i = 0; i < means.length; i += 4) {
    const weight = means[i + 3]!;
    if (weight > 0) for (let k = 0; k < 4; k++) means[i + k] = means[i + k]! / weight;
  }
  return { width: w, height: h, rgbw: means };
}

function fill({ width, height, rgbw }: Level, coarse: Level): void {
  for (let y = 0; y < height; y++) {
    const [y0, y1, ay] = betweenHalved(y, coarse.height);
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      if (rgbw[at + 3]! > 0) continue;
      const [x0, x1, ax] = betweenHalved(x, coarse.width);
      const value = (row: number, column: number, k: number): number =>
        coarse.rgbw[4 * (row * coarse.width + column) + k]!;
      for (let k = 0; k < 3; k++) {
        const top = value(y0, x0, k) * (1 - ax) + value(y0, x1, k) * ax;
        rgbw[at + k] = top * (1 - ay) + (value(y1, x0, k) * (1 - ax) + value(y1, x1, k) * ax) * ay;
      }
      rgbw[at + 3] = 1;
    }
  }
}
