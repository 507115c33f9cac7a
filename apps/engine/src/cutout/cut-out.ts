import { GenerationError } from '../reference/generation-error.js';
import { grabCut } from './grab-cut.js';
import { cleanMask } from './mask.js';
import { pixelsOf, sharpOf, type Picture } from './picture.js';
import { floodBackground, plainBackground } from './plain-background.js';

/** How the object was told from its background. */
export type CutOutMethod = 'alpha' | 'plain-background' | 'grab-cut' | 'as-is';

/** A picture whose alpha says what belongs to the object. */
export interface CutOut {
  picture: Picture;
  method: CutOutMethod;
}

/** Sides, in pixels, on which backgrounds are looked for. */
const floodSide = 512;
const grabSide = 200;
/** Shares of a picture: this much transparency counts as a cut-out already; less object than this is no object. */
const someAlpha = 0.005;
const leastObject = 0.004;
/** Blobs this small against the largest are thrown away; GrabCut likes to keep other things in the room. */
const crumbs = { flood: 0.05, grab: 0.3 };

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
  const small = await pixelsOf(
    sharpOf(picture).resize(floodSide, floodSide, { fit: 'inside', withoutEnlargement: true }),
  );
  const plain = plainBackground(small);
  if (plain)
    return {
      picture: await withoutBackground(picture, small, floodBackground(small, plain), crumbs.flood),
      method: 'plain-background',
    };
  const tiny = await pixelsOf(sharpOf(small).resize(grabSide, grabSide, { fit: 'inside', withoutEnlargement: true }));
  return { picture: await withoutBackground(picture, tiny, grabCut(tiny), crumbs.grab), method: 'grab-cut' };
}

function opaqueShare({ rgba }: Picture): number {
  let opaque = 0;
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i]! > 127) opaque++;
  return opaque / (rgba.length / 4);
}

/** The full picture with the alpha that a background found on a smaller copy of it gives. */
async function withoutBackground(
  picture: Picture,
  small: Picture,
  background: Uint8Array,
  crumb: number,
): Promise<Picture> {
  const { width, height } = small;
  const mask = cleanMask({ width, height, cells: Float32Array.from(background, (behind) => 1 - behind) }, crumb);
  if (mask.cells.reduce((sum, cell) => sum + cell, 0) < leastObject * mask.cells.length) {
    throw new GenerationError('bad_input', 'Nothing in the picture stands out from its background');
  }
  const alpha = await sharpOf({ width, height, rgba: rgbaOfMask(mask.cells) })
    .blur(0.8)
    .resize(picture.width, picture.height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const rgba = picture.rgba.slice();
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = alpha[i - 3]!;
  return { ...picture, rgba };
}

function rgbaOfMask(cells: Float32Array): Uint8Array {
  return Uint8Array.from({ length: cells.length * 4 }, (_, i) => ((i & 3) === 3 ? 255 : 255 * cells[i >> 2]!));
}
