import type { Mask } from '../cutout/mask.js';
import { betweenHalved } from './halving.js';

/** Below this many cells a side the solver starts from nothing instead of from a coarser solution. */
const coarsest = 16;
const sweeps = 60;
/** The outline is taken to be at least this far from a grid point, in cells. */
const nearest = 0.05;

/**
 * Solves laplace(u) = -4 inside the outline where the mask passes one half, with u = 0 on it, one cell being one unit long:
 * the square root of u is a hemisphere over a disc and a rounded cushion over any other shape. The outermost cells of the mask
 * must be outside. Successive over-relaxation, started from the solution on a grid of half the size; beside the outline with
 * the unequal arms of Shortley and Weller (1938), so that the rim has no steps.
 */
export function solvePoisson(mask: Mask): Float32Array {
  const { width, height, cells } = mask;
  const small = Math.min(width, height) <= coarsest;
  const u = small ? new Float32Array(cells.length) : refined(solvePoisson(halved(mask)), mask);
  const stencils = [stencilOf(mask, 0), stencilOf(mask, 1)];
  const relaxation = 2 / (1 + Math.sin(Math.PI / Math.min(width, height, 64)));
  for (let sweep = 0; sweep < (small ? 3 : 1) * sweeps; sweep++) {
    for (const stencil of stencils) relax(u, stencil, width, relaxation);
  }
  return u;
}

/** The inside cells of one colour of the checkerboard; for each, the shares of its west, east, north and south neighbours and of the source. */
interface Stencil {
  cells: Int32Array;
  shares: Float32Array;
}

function relax(u: Float32Array, { cells, shares }: Stencil, width: number, relaxation: number): void {
  for (let i = 0, k = 0; i < cells.length; i++, k += 5) {
    const cell = cells[i]!;
    const sideways = shares[k]! * u[cell - 1]! + shares[k + 1]! * u[cell + 1]!;
    const upright = shares[k + 2]! * u[cell - width]! + shares[k + 3]! * u[cell + width]!;
    u[cell] = u[cell]! + relaxation * (sideways + upright + shares[k + 4]! - u[cell]!);
  }
}

function stencilOf({ width, height, cells }: Mask, colour: 0 | 1): Stencil {
  const found: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1 + ((y + colour) & 1); x < width - 1; x += 2)
      if (cells[y * width + x]! > 0.5) found.push(y * width + x);
  }
  const shares = new Float32Array(5 * found.length);
  const arm = (cell: number, neighbour: number): number => {
    const [here, there] = [cells[cell]! - 0.5, cells[neighbour]! - 0.5];
    return there > 0 ? 1 : Math.max(nearest, here / (here - there));
  };
  found.forEach((cell, i) => {
    const [west, east] = [arm(cell, cell - 1), arm(cell, cell + 1)];
    const [north, south] = [arm(cell, cell - width), arm(cell, cell + width)];
    const whole = 2 / (west * east) + 2 / (north * south);
    const [sideways, upright] = [2 / (west + east) / whole, 2 / (north + south) / whole];
    shares.set([sideways / west, sideways / east, upright / north, upright / south, 4 / whole], 5 * i);
  });
  return { cells: Int32Array.from(found), shares };
}

/** Half the size, each cell the mean of its four. */
function halved({ width, height, cells }: Mask): Mask {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const at = (x: number, y: number): number => (x < width && y < height ? cells[y * width + x]! : 0);
  const means = Float32Array.from({ length: w * h }, (_, i) => {
    const [x, y] = [2 * (i % w), 2 * Math.floor(i / w)];
    return (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4;
  });
  return { width: w, height: h, cells: means };
}

/** A solution of the halved grid, interpolated; heights of u grow with the square of the length. */
function refined(coarse: Float32Array, { width, height, cells }: Mask): Float32Array {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  return Float32Array.from(cells, (cell, i) => {
    if (cell <= 0.5) return 0;
    const [x0, x1, ax] = betweenHalved(i % width, w);
    const [y0, y1, ay] = betweenHalved(Math.floor(i / width), h);
    const top = coarse[y0 * w + x0]! * (1 - ax) + coarse[y0 * w + x1]! * ax;
    const bottom = coarse[y1 * w + x0]! * (1 - ax) + coarse[y1 * w + x1]! * ax;
    return 4 * (top * (1 - ay) + bottom * ay);
  });
}
