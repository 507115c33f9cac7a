import sharp from 'sharp';
import { MeshError, refuseAs } from '../../error.js';
import { maxImagePixels } from '../../scene/images.js';
import type { Image } from '../../scene/scene.js';

const { floor, log2, max, min } = Math;

/** One size of a picture: red, green, blue, alpha, 0–255. */
interface Level {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** A decoded picture with its mip levels, each half as wide as the one before. */
export interface Texture {
  levels: Level[];
  /** Half the log2 of the number of pixels of the largest level */
  logPixels: number;
  /** Some pixel is not opaque. */
  hasAlpha: boolean;
}

/** Decodes a picture, at most `side` pixels wide and high: finer detail could not be seen anyway. */
export async function loadTexture({ data, name, width, height }: Image, side: number): Promise<Texture> {
  if (width * height > maxImagePixels) throw new MeshError('too_large', `Texture ${name} is too large`);
  const { data: pixels, info } = await refuseAs('invalid_image', `Texture ${name}`, () =>
    sharp(data)
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  const levels: Level[] = [{ width: info.width, height: info.height, pixels: new Uint8Array(pixels) }];
  for (let last = levels[0]!; last.width > 1 && last.height > 1; levels.push(last)) last = halved(last);
  return { levels, logPixels: 0.5 * log2(info.width * info.height), hasAlpha: isTranslucent(levels[0]!) };
}

function isTranslucent({ pixels }: Level): boolean {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i]! < 255) return true;
  return false;
}

function halved({ width, height, pixels }: Level): Level {
  const half = { width: width >> 1, height: height >> 1 };
  const out = new Uint8Array(half.width * half.height * 4);
  const below = width * 4;
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      const from = (2 * y * width + 2 * x) * 4;
      const to = (y * half.width + x) * 4;
      for (let k = 0; k < 4; k++) {
        const sum =
          pixels[from + k]! + pixels[from + 4 + k]! + pixels[from + below + k]! + pixels[from + below + 4 + k]!;
        out[to + k] = (sum + 2) >> 2;
      }
    }
  }
  return { ...half, pixels: out };
}

/**
 * Reads a texture at u, v (repeating), between its four nearest pixels, from the level whose pixels are about as large as
 * the samples of the screen (`detail` = log2 of pixels per sample). Writes red, green, blue, alpha, 0–255, to `out`.
 */
export function readTexture({ levels }: Texture, u: number, v: number, detail: number, out: Float64Array): void {
  const { width, height, pixels } = levels[max(0, min(levels.length - 1, floor(detail)))]!;
  const x = (u - floor(u)) * width - 0.5;
  const y = (v - floor(v)) * height - 0.5;
  const left = floor(x);
  const top = floor(y);
  const fx = x - left;
  const fy = y - top;
  const x0 = left < 0 ? width - 1 : left;
  const x1 = left + 1 >= width ? 0 : left + 1;
  const y0 = (top < 0 ? height - 1 : top) * width;
  const y1 = (top + 1 >= height ? 0 : top + 1) * width;
  const a = (y0 + x0) * 4;
  const b = (y0 + x1) * 4;
  const c = (y1 + x0) * 4;
  const d = (y1 + x1) * 4;
  for (let k = 0; k < 4; k++) {
    const upper = pixels[a + k]! + (pixels[b + k]! - pixels[a + k]!) * fx;
    const lower = pixels[c + k]! + (pixels[d + k]! - pixels[c + k]!) * fx;
    out[k] = upper + (lower - upper) * fy;
  }
}
