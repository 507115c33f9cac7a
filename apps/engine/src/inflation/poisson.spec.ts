import type { Mask } from '../cutout/mask.js';
import { solvePoisson } from './poisson.js';

/** A disc whose edge is soft over one cell, so that the outline is known between the cells. */
function disc(side: number, radius: number): Mask {
  const middle = (side - 1) / 2;
  const cells = Float32Array.from({ length: side * side }, (_, i) => {
    const distance = Math.hypot((i % side) - middle, Math.floor(i / side) - middle);
    return Math.min(1, Math.max(0, 0.5 + (radius - distance) / 2));
  });
  return { width: side, height: side, cells };
}

describe('the inflating equation', () => {
  it.each([
    [33, 12.3],
    [100, 40.7],
    [257, 117.2],
  ])('makes a hemisphere of a disc (grid %i, radius %d)', (side, radius) => {
    const u = solvePoisson(disc(side, radius));
    const middle = (side - 1) / 2;
    u.forEach((value, i) => {
      const distance = Math.hypot((i % side) - middle, Math.floor(i / side) - middle);
      if (distance > radius) return;
      const sphere = Math.sqrt(radius ** 2 - distance ** 2);
      expect(Math.abs(Math.sqrt(value) - sphere)).toBeLessThan(0.02 * radius);
    });
  });

  it('is zero outside and above zero inside', () => {
    const mask = disc(40, 11);
    const u = solvePoisson(mask);
    const where = (inside: boolean): number[] => [...u].filter((_, i) => mask.cells[i]! > 0.5 === inside);
    expect(Math.max(...where(false))).toBe(0);
    expect(Math.min(...where(true))).toBeGreaterThan(0);
  });
});
