import sharp from 'sharp';

/** Red, green, blue (and alpha) of a picture at u, v; 0–255. */
export type Paint = (u: number, v: number) => number[];

type Format = 'png' | 'jpeg' | 'webp';

const paintedPixels = 128;
const painted = new Map<Paint, Map<string, Promise<Buffer>>>();

/**
 * A square picture painted by a function of u and v. Above 128 pixels the painting is enlarged, and the same picture is
 * made only once: tests ask for it often.
 */
export function aPicture(size: number, paint: Paint, format: Format = 'png'): Promise<Buffer> {
  const known = painted.get(paint) ?? new Map<string, Promise<Buffer>>();
  const picture = known.get(`${size} ${format}`) ?? encoded(size, paint, format);
  painted.set(paint, known.set(`${size} ${format}`, picture));
  return picture;
}

async function encoded(size: number, paint: Paint, format: Format): Promise<Buffer> {
  const channels = paint(0, 0).length as 3 | 4;
  const side = Math.min(size, paintedPixels);
  const pixels = new Uint8ClampedArray(side * side * channels);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) pixels.set(paint(x / side, y / side), (y * side + x) * channels);
  }
  const picture = sharp(Buffer.from(pixels.buffer), { raw: { width: side, height: side, channels } });
  return picture.resize(size, size).toFormat(format, { quality: 90 }).toBuffer();
}

/** A checker with a gradient and a red rim: shows mirrored, moved or swapped UVs at once. */
export const checker: Paint = (u, v) => {
  if (v < 0.12) return [230, 40, 40];
  const odd = (Math.floor(u * 16) + Math.floor(v * 8)) % 2;
  const grain = Math.sin(u * 331 + Math.sin(v * 517)) * 20;
  return [(odd ? 200 : 60) * (0.5 + u * 0.5) + grain, (odd ? 180 : 90) + grain, 255 * v];
};

/** A tangent-space normal map of round bumps. */
export const bumps: Paint = (u, v) => {
  const [x, y] = [0.4 * Math.cos(u * 200), 0.4 * Math.cos(v * 100)];
  return [x, y, Math.sqrt(1 - x * x - y * y)].map((value) => 127.5 + 127.5 * value);
};

/** Roughness grows to the right, the lower half is metal, occlusion (red) is full. */
export const roughnessAndMetal: Paint = (u, v) => [255, 255 * (0.2 + 0.6 * u), v > 0.5 ? 255 : 0];

/** Black but for a green band at the bottom. */
export const glowingBand: Paint = (_, v) => (v > 0.9 ? [0, 255, 0] : [0, 0, 0]);

/** A green disc on nothing. */
export const cutOut: Paint = (u, v) => [40, 160, 60, Math.hypot(u - 0.5, v - 0.5) < 0.4 ? 255 : 0];

/** The decoded pixels of a picture, all channels. */
export const pixelsOf = async (picture: Uint8Array): Promise<Buffer> => sharp(picture).raw().toBuffer();
