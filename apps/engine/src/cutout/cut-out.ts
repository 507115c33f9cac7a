import { GenerationError } from '../reference/generation-error.js';
import { difference, labOf } from '../reference/oklab.js';
import { grabCut } from './grab-cut.js';
import { cleanMask } from './mask.js';
import { pixelsOf, sharpOf, type Picture } from './picture.js';
import { floodBackground, plainBackground, type PlainBackground } from './plain-background.js';

/** How the object was told from its background. */
export type CutOutMethod = 'alpha' | 'plain-background' | 'grab-cut' | 'as-is';

/** A picture whose alpha says what belongs to the object. */
export interface CutOut {
  picture: Picture;
  method: CutOutMethod;
}

/** Sides, in pixels, on which backgrounds are looked for. */
const floodSide = 512;
const grabSide = 170;
/** Shares of a picture: this much transparency counts as a cut-out already; less object than this is no object. */
const someAlpha = 0.005;
const leastObject = 0.004;
/** Blobs this small against the largest are thrown away; GrabCut likes to keep other things in the room. */
const crumbs = { flood: 0.05, grab: 0.3 };
/** The blur of a mask's edge, in pixels of the smaller copy. */
const softness = 1.2;

/**
 * Takes the background away: by the picture's own alpha, else by flooding a plain background from its frame, else by GrabCut.
 * With `removeBackground` false the picture is used as it is.
 * @throws GenerationError bad_input when no object is left
 */
export async function cutOut(picture: Picture, removeBackground: boolean): Promise<CutOut> {
  const opaque = opaqueShare(picture);
  if (opaque < leastObject) throw new GenerationError('bad_input', 'The picture is fully transparent');
  if (opaque < 1 - someAlpha) return { picture, method: 'alpha' };
  if (!removeBackground) return { picture, method: 'as-is' };
  const small = await shrunk(picture, floodSide);
  const plain = plainBackground(small);
  if (plain) {
    const alpha = await alphaFor(picture, small, floodBackground(small, plain), crumbs.flood);
    return { picture: withAlpha(picture, sharpened(picture, alpha, plain)), method: 'plain-background' };
  }
  const tiny = await shrunk(small, grabSide);
  return { picture: withAlpha(picture, await alphaFor(picture, tiny, grabCut(tiny), crumbs.grab)), method: 'grab-cut' };
}

const shrunk = (picture: Picture, side: number): Promise<Picture> =>
  pixelsOf(sharpOf(picture).resize(side, side, { fit: 'inside', withoutEnlargement: true }));

function opaqueShare({ rgba }: Picture): number {
  let opaque = 0;
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i]! > 127) opaque++;
  return opaque / (rgba.length / 4);
}

/** The alpha of a full picture that a background found on a smaller copy of it gives, one byte a pixel, soft at the edge. */
async function alphaFor(picture: Picture, small: Picture, background: Uint8Array, crumb: number): Promise<Uint8Array> {
  const { width, height } = small;
  const mask = cleanMask({ width, height, cells: Float32Array.from(background, (behind) => 1 - behind) }, crumb);
  if (mask.cells.reduce((sum, cell) => sum + cell, 0) < leastObject * mask.cells.length) {
    throw new GenerationError('bad_input', 'Nothing in the picture stands out from its background');
  }
  return sharpOf({ width, height, rgba: rgbaOfMask(mask.cells) })
    .resize(picture.width, picture.height, { fit: 'fill', kernel: 'cubic' })
    .blur(Math.max(0.5, (softness * picture.width) / width))
    .extractChannel(0)
    .raw()
    .toBuffer();
}

/**
 * The soft edge of an alpha, made exact on a plain background: there a pixel belongs to the object as far as its colour has
 * moved from the background's towards the most different colour near it.
 */
function sharpened(picture: Picture, alpha: Uint8Array, { colour, tolerance }: PlainBackground): Uint8Array {
  const { width, height, rgba } = picture;
  const distance = (x: number, y: number): number => {
    const at = 4 * (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x)));
    return difference(labOf(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!), colour);
  };
  return alpha.map((value, pixel) => {
    if (value === 0 || value > 254) return value;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const object = Math.max(...nearby.map(([dx, dy]) => distance(x + dx, y + dy)));
    return Math.min(255, Math.max(0, (255 * (distance(x, y) - tolerance)) / Math.max(tolerance, object - tolerance)));
  });
}

/** Where the colour of the object is looked for around a pixel of its edge. */
const nearby = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [3 * dx, 3 * dy] as const));

function withAlpha(picture: Picture, alpha: Uint8Array): Picture {
  const rgba = picture.rgba.slice();
  alpha.forEach((value, pixel) => {
    rgba[4 * pixel + 3] = value;
  });
  return { ...picture, rgba };
}

function rgbaOfMask(cells: Float32Array): Uint8Array {
  return Uint8Array.from({ length: cells.length * 4 }, (_, i) => ((i & 3) === 3 ? 255 : 255 * cells[i >> 2]!));
}
