import sharp, { type Region, type Sharp } from 'sharp';
import { GenerationError } from '../reference/generation-error.js';

/** Pixels: sRGB with straight alpha, four bytes each, row by row from the top. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** A picture with more pixels is refused rather than unpacked: a small file can hold a huge one. */
const mostPixels = 64_000_000;

/** A sharp pipeline over a picture. */
export const sharpOf = ({ width, height, rgba }: Picture): Sharp =>
  sharp(rgba, { raw: { width, height, channels: 4 } });

/** The pixels at the end of a sharp pipeline. */
export async function pixelsOf(pipeline: Sharp): Promise<Picture> {
  const { data, info } = await pipeline.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

/**
 * A picture file as pixels: turned upright by its EXIF tag, in sRGB, shrunk so that its larger side is at most `largestSide`.
 * @throws GenerationError bad_input when the bytes are not a picture sharp can read
 */
export async function decodePicture(bytes: Uint8Array, largestSide: number): Promise<Picture> {
  try {
    const pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels })
      .autoOrient()
      .toColourspace('srgb')
      .resize(largestSide, largestSide, { fit: 'inside', withoutEnlargement: true });
    return await pixelsOf(pipeline);
  } catch (cause) {
    throw new GenerationError('bad_input', 'The picture cannot be read', { cause });
  }
}

/** The part of a picture that is not transparent, and where it lies; null when there is none. */
export function opaqueBox({ width, height, rgba }: Picture): Region | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (rgba[4 * (y * width + x) + 3]! <= 127) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
