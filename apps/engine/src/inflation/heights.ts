import { blur, type Mask } from '../cutout/mask.js';
import { solvePoisson } from './poisson.js';
import type { Heights } from './sheet.js';

export interface Shaping {
  /** Thickness against a ball's: 1 makes a disc a ball. */
  depth: number;
  /** A flat relief with a rounded edge instead of a cushion: for pictures that fill their frame. */
  flat: boolean;
}

/** The tallest relief and the thickness of flat pictures, as shares of half the grid; how far the relief's eye sees, in cells. */
const reliefShare = 0.02;
const flatShare = 0.12;
const reliefRadius = 6;
/** No inside cell is lower than this, in cells: the two skins never touch. */
const thinnest = 0.05;

/** Heights of the two skins over a smooth mask: a cushion, and on the front the light and dark of the picture as a fine relief. */
export function heightsOf(mask: Mask, luminance: Float32Array, { depth, flat }: Shaping): Heights {
  const { width, height, cells } = mask;
  const half = Math.max(width, height) / 2;
  const limit = flatShare * half;
  const back = solvePoisson(mask).map((u) => {
    const cushion = Math.sqrt(Math.max(0, u));
    return Math.max(thinnest, depth * (flat ? limit * Math.tanh(cushion / limit) : cushion));
  });
  const relief = reliefOf(mask, luminance);
  const front = back.map((z, i) => {
    if (cells[i]! <= 0.5) return z;
    const fade = Math.min(1, z / (0.15 * half));
    return Math.max(thinnest, z + relief[i]! * reliefShare * half * fade);
  });
  return { front, back };
}

/** How much lighter each cell is than its surroundings on the object, about -1..1. */
function reliefOf({ width, height, cells }: Mask, luminance: Float32Array): Float32Array {
  const weight = blur({ width, height, cells }, reliefRadius).cells;
  const light = blur({ width, height, cells: luminance.map((value, i) => value * cells[i]!) }, reliefRadius).cells;
  return luminance.map((value, i) => (cells[i]! > 0.5 ? value - light[i]! / Math.max(0.2, weight[i]!) : 0));
}
