import type { Picture } from '../cutout/picture.js';
import { bytesOf, bytesOfHex, difference, labOf, type Lab } from '../reference/oklab.js';

/** A colour this near the picture's own is already there. */
const same = 0.09;
/** Below this chroma a colour counts as grey. */
const grey = 0.045;
/** Hues this near the main one change with it entirely, and beyond the second not at all, in radians. */
const near = { whole: 0.75, none: 1.3 };

/**
 * Gives the main colour of a picture another one: a green dragon becomes red, its yellow belly and pink crest stay. Shading
 * stays too. A picture that has the colour already is returned as it is.
 */
export function recolour(picture: Picture, hex: string): Picture {
  const target = labOf(...bytesOfHex(hex));
  const main = mainColour(picture);
  if (difference(main, target) < same) return picture;
  const isGrey = chromaOf(main) < grey;
  return mapped(picture, (colour) => {
    const share = isGrey ? greyShare(colour) : hueShare(colour, main);
    if (share === 0) return colour;
    const moved = move(colour, main, target, isGrey);
    return [0, 1, 2].map((k) => colour[k]! + (moved[k]! - colour[k]!) * share) as Lab;
  });
}

/** Paints the whole picture in one colour, as if it were cast or carved: only light and dark remain. */
export function monochrome(picture: Picture, hex: string): Picture {
  const target = labOf(...bytesOfHex(hex));
  const mean = meanOf(coloursOf(picture));
  return mapped(picture, ([lightness]) => {
    const lifted = Math.min(0.97, Math.max(0.08, target[0] + (lightness - mean[0]) * 0.7));
    const strength = Math.min(1.1, lifted / target[0]);
    return [lifted, target[1] * strength, target[2] * strength];
  });
}

/** The mean of the colours around the strongest hue, or of the greys when there are more of them. */
function mainColour(picture: Picture): Lab {
  const colours = coloursOf(picture);
  const vivid = colours.filter((colour) => chromaOf(colour) >= grey);
  const bins = new Float64Array(36);
  for (const colour of vivid) bins[binOf(colour)]! += Math.min(0.15, chromaOf(colour));
  const smooth = bins.map((bin, i) => bin + bins[(i + 1) % 36]! + bins[(i + 35) % 36]!);
  const peak = smooth.indexOf(Math.max(...smooth));
  const alike = vivid.filter((colour) => [0, 1, 2, 34, 35].includes((binOf(colour) - peak + 36) % 36));
  const greys = colours.filter((colour) => greyShare(colour) > 0.5);
  return meanOf(alike.length >= greys.length ? alike : greys);
}

function move(colour: Lab, main: Lab, target: Lab, fromGrey: boolean): Lab {
  // shadows are a share of the light, highlights are added to it
  const darker = colour[0] < main[0];
  const lifted = darker ? target[0] * (colour[0] / main[0]) : target[0] + (colour[0] - main[0]) * 0.8;
  const lightness = Math.min(0.98, Math.max(0.04, lifted));
  const bend = fromGrey ? 0 : 0.5 * turnBetween(hueOf(main), hueOf(colour));
  const chroma = fromGrey ? chromaOf(target) : (chromaOf(target) * chromaOf(colour)) / chromaOf(main);
  // nothing is colourful where it is nearly black or white
  const room = Math.min(1, 4 * Math.min(lightness, 1 - lightness) + 0.25);
  const hue = hueOf(target) + bend;
  return [lightness, chroma * room * Math.cos(hue), chroma * room * Math.sin(hue)];
}

function hueShare(colour: Lab, main: Lab): number {
  const turn = Math.abs(turnBetween(hueOf(main), hueOf(colour)));
  // what is much darker than the main colour is an eye or a nose
  const lit = ramp(main[0] - 0.34, main[0] - 0.2, colour[0]);
  return ramp(near.none, near.whole, turn) * ramp(0.012, grey, chromaOf(colour)) * lit;
}

function greyShare(colour: Lab): number {
  return ramp(2 * grey, grey, chromaOf(colour)) * ramp(0.25, 0.4, colour[0]);
}

const chromaOf = ([, a, b]: Lab): number => Math.hypot(a, b);
const hueOf = ([, a, b]: Lab): number => Math.atan2(b, a);
const binOf = (colour: Lab): number => Math.floor(((hueOf(colour) + Math.PI) / (2 * Math.PI)) * 35.999);

/** The angle from one hue to another, -π to π. */
function turnBetween(from: number, to: number): number {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from));
}

/** 0 at `from`, 1 at `to`, straight between. */
const ramp = (from: number, to: number, value: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

function meanOf(colours: readonly Lab[]): Lab {
  const sum = colours.reduce<Lab>(
    (total, colour) => [total[0] + colour[0], total[1] + colour[1], total[2] + colour[2]],
    [0, 0, 0],
  );
  return sum.map((value) => value / Math.max(1, colours.length)) as Lab;
}

function coloursOf({ rgba }: Picture): Lab[] {
  const colours: Lab[] = [];
  for (let i = 0; i < rgba.length; i += 16)
    if (rgba[i + 3]! > 200) colours.push(labOf(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!));
  return colours;
}

function mapped(picture: Picture, change: (colour: Lab) => Lab): Picture {
  const rgba = picture.rgba.slice();
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3] === 0) continue;
    rgba.set(bytesOf(change(labOf(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!))), i);
  }
  return { ...picture, rgba };
}
