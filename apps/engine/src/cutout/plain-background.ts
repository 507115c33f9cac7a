import { difference, labOf, type Lab } from '../reference/oklab.js';
import type { Picture } from './picture.js';

/** A background is plain when this share of the frame is within `loosest` of the frame's median colour. */
const plainShare = 0.9;
const loosest = 0.07;
/** Even a noiseless background is allowed this much difference; a noisy one its own spread, so many times. */
const tightest = 0.02;
const spreadTimes = 1.5;
/** A shadow on the background: darker, of the same tint, and changing slowly from its neighbour. */
const shadow = { darker: 0.25, tint: 0.012, step: 0.012 };

/** A background of one colour. */
export interface PlainBackground {
  colour: Lab;
  /** How different a pixel may be and still be background. */
  tolerance: number;
}

/** The background of a picture when nearly all of its frame has one colour, else null. */
export function plainBackground(picture: Picture): PlainBackground | null {
  const frame = framePixels(picture).map((pixel) => colourAt(picture, pixel));
  const colour = [0, 1, 2].map((channel) =>
    quantile(
      frame.map((pixel) => pixel[channel]!),
      0.5,
    ),
  ) as Lab;
  const differences = frame.map((pixel) => difference(pixel, colour));
  const spread = quantile(differences, plainShare);
  return spread < loosest ? { colour, tolerance: Math.min(loosest, tightest + spreadTimes * spread) } : null;
}

/**
 * Which pixels belong to a plain background: those of its colour, or in a soft shadow on it, that can be reached from the frame.
 * Holes that the object encloses stay part of the object: a white eye must not become one. One byte a pixel, 1 for background.
 */
export function floodBackground(picture: Picture, background: PlainBackground): Uint8Array {
  const { width, height } = picture;
  const reached = new Uint8Array(width * height);
  const stack: number[] = [];
  const visit = (pixel: number, from: Lab): void => {
    if (reached[pixel] || !isBackground(colourAt(picture, pixel), from, background)) return;
    reached[pixel] = 1;
    stack.push(pixel);
  };
  for (const pixel of framePixels(picture)) visit(pixel, background.colour);
  while (stack.length > 0) {
    const pixel = stack.pop()!;
    const colour = colourAt(picture, pixel);
    const x = pixel % width;
    if (x > 0) visit(pixel - 1, colour);
    if (x < width - 1) visit(pixel + 1, colour);
    if (pixel >= width) visit(pixel - width, colour);
    if (pixel < width * (height - 1)) visit(pixel + width, colour);
  }
  return reached;
}

function isBackground(colour: Lab, neighbour: Lab, background: PlainBackground): boolean {
  if (difference(colour, background.colour) < background.tolerance) return true;
  const darker = background.colour[0] - colour[0];
  const tint = Math.hypot(colour[1] - background.colour[1], colour[2] - background.colour[2]);
  return darker > 0 && darker < shadow.darker && tint < shadow.tint && difference(colour, neighbour) < shadow.step;
}

/** The outermost pixels of a picture, each once. */
export function framePixels({ width, height }: Pick<Picture, 'width' | 'height'>): number[] {
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step) pixels.push(y * width + x);
  }
  return pixels;
}

function colourAt({ rgba }: Picture, pixel: number): Lab {
  return labOf(rgba[4 * pixel]!, rgba[4 * pixel + 1]!, rgba[4 * pixel + 2]!);
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
