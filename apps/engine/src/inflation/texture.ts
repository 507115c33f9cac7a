import sharp from 'sharp';
import { sharpOf, type Picture } from '../cutout/picture.js';
import { bleed } from './bleed.js';

/** One texture for both skins, and where in it each skin looks. */
export interface Atlas {
  jpeg: Uint8Array;
  /** Texture coordinates of a place on the object (0..1 from its left, 0..1 from its top) as side 0 (front) or 1 (back) sees it. */
  place: (x: number, y: number, side: number) => [u: number, v: number];
}

/** What the back shows: the front's colours, softened; the front again, as in a mirror; or a picture of its own. */
export type Back = 'soft' | 'mirror' | Picture;

/** Pictures smaller than the texture may grow this much: interpolation, but smoother than the renderer's. */
const largestGrowth = 2;
/** Blurs as shares of the larger side: of the rim's colours, of the line where the back blends into the front, of the back's band. */
const rimShare = { colour: 0.012, back: 0.02, band: 0.04 };

/** Lays out the texture of an object whose cropped picture is given; the larger side of the texture is at most `resolution`. */
export async function textureAtlas(front: Picture, back: Back, resolution: number): Promise<Atlas> {
  const tiles = back === 'mirror' ? [1, 1] : front.height > front.width ? [2, 1] : [1, 2];
  const [columns, rows] = tiles as [number, number];
  const scale = Math.min(largestGrowth, resolution / columns / front.width, resolution / rows / front.height);
  const [width, height] = [Math.max(1, Math.floor(front.width * scale)), Math.max(1, Math.floor(front.height * scale))];
  const frontTile = await tileOf(front, width, height);
  const pixels =
    back === 'mirror'
      ? frontTile
      : joined(frontTile, await backTile(front, frontTile, back, width, height), width, height, columns);
  const jpeg = await sharp(pixels, { raw: { width: width * columns, height: height * rows, channels: 3 } })
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const place = (x: number, y: number, side: number): [number, number] => {
    const [column, row] = back === 'mirror' ? [0, 0] : columns === 2 ? [side, 0] : [0, side];
    return [(inset(x, width) + column) / columns, (inset(y, height) + row) / rows];
  };
  return { jpeg, place };
}

/**
 * RGB of the object at the tile's size. The rim, which a renderer stretches over the object's side, gets the mean colours of
 * the object beside it; beyond the rim colours are spread outwards.
 */
async function tileOf(picture: Picture, width: number, height: number): Promise<Uint8Array> {
  const raw = { raw: { width, height, channels: 4 as const } };
  const rgba = await sharpOf(picture).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  const depth = await rimDepth(picture, width, height, rimShare.colour);
  const weighted = rgba.map((byte, i) => ((i & 3) === 3 && byte > 127 ? rimWeight(depth[i >> 2]!) : byte));
  // libvips blurs colours weighted by their alpha, so that no background gets into the means
  const means = await sharp(weighted, raw)
    .blur(Math.max(0.5, rimShare.colour * Math.max(width, height)))
    .raw()
    .toBuffer();
  for (let i = 0; i < depth.length; i++) {
    const share = smoothStep(0.55, 0.95, depth[i]! / 255);
    for (let k = 4 * i; k < 4 * i + 3; k++) rgba[k] = Math.round(means[k]! * (1 - share) + rgba[k]! * share);
    rgba[4 * i + 3] = rgba[4 * i + 3]! > 127 ? 255 : 0;
  }
  return bleed(rgba, width, height);
}

/** The outermost pixels, tinted by whatever was behind them, count little among the colours of the rim, but never nothing. */
const rimWeight = (depth: number): number => Math.max(4, 255 * smoothStep(0.6, 0.95, depth / 255));

/** How far inside the outline each pixel is: half of 255 on it, 255 a few times `share` of the larger side inside. */
function rimDepth(picture: Picture, width: number, height: number, share: number): Promise<Uint8Array> {
  return sharpOf(picture)
    .extractChannel(3)
    .resize(width, height, { fit: 'fill' })
    .blur(Math.max(0.5, share * Math.max(width, height)))
    .raw()
    .toBuffer();
}

/** The back: the front's colours along the outline, which flow into a soft middle or into the back's own picture. */
async function backTile(
  front: Picture,
  frontTile: Uint8Array,
  back: 'soft' | Picture,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const own =
    back === 'soft'
      ? await softTile(front, frontTile, width, height)
      : await sharp(await tileOf(back, width, height), { raw: { width, height, channels: 3 } })
          .flop()
          .raw()
          .toBuffer();
  const depth = await rimDepth(front, width, height, rimShare.back);
  return frontTile.map((byte, i) => {
    const share = smoothStep(0.5, 0.97, depth[Math.floor(i / 3)]! / 255);
    return Math.round(byte * (1 - share) + own[i]! * share);
  });
}

/** The colours of a band along the outline, spread over the middle: no face, no button, no label shows through to the back. */
async function softTile(front: Picture, frontTile: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  const depth = await rimDepth(front, width, height, rimShare.band);
  const rgba = new Uint8Array(depth.length * 4);
  depth.forEach((value, i) => {
    rgba.set(frontTile.subarray(3 * i, 3 * i + 3), 4 * i);
    rgba[4 * i + 3] = value > 127 && value < 225 ? 255 : 0;
  });
  return sharp(bleed(rgba, width, height), { raw: { width, height, channels: 3 } })
    .blur(Math.max(0.5, rimShare.back * Math.max(width, height)))
    .raw()
    .toBuffer();
}

function joined(front: Uint8Array, back: Uint8Array, width: number, height: number, columns: number): Uint8Array {
  const both = new Uint8Array(front.length * 2);
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    const [frontAt, backAt] = columns === 2 ? [2 * y * row, (2 * y + 1) * row] : [y * row, (height + y) * row];
    both.set(front.subarray(y * row, (y + 1) * row), frontAt);
    both.set(back.subarray(y * row, (y + 1) * row), backAt);
  }
  return both;
}

/** A place along a tile, kept a pixel away from its ends. */
const inset = (share: number, size: number): number => Math.min(size - 1, Math.max(1, share * size)) / size;

function smoothStep(from: number, to: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}
