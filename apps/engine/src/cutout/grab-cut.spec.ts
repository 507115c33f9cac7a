import { seeded } from '../reference/random.js';
import { grabCut } from './grab-cut.js';
import type { Picture } from './picture.js';

const side = 60;

/** A disc of one noisy colour before a background of two others. */
function aScene(): Picture {
  const random = seeded(5);
  const rgba = new Uint8Array(side * side * 4).fill(255);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const colour = isDisc(i) ? [210, 140, 50] : y > 40 ? [60, 110, 50] : [120, 150, 190];
    rgba.set(
      colour.map((channel) => channel + Math.floor(random() * 30 - 15) + Math.floor(x / 6)),
      4 * i,
    );
  }
  return { width: side, height: side, rgba };
}

const isDisc = (pixel: number): boolean => Math.hypot((pixel % side) - 30, Math.floor(pixel / side) - 33) < 16;

describe('GrabCut', () => {
  it('finds a disc before a busy background, to a few pixels', () => {
    const wrong = grabCut(aScene()).filter((behind, pixel) => (behind === 0) !== isDisc(pixel));
    expect(wrong.length).toBeLessThan(0.01 * side * side);
  });

  it('gives the same cut every time', () => {
    expect(grabCut(aScene())).toEqual(grabCut(aScene()));
  });

  it('finds no object in an even picture, or takes all of it, but does not fail', () => {
    const even = { width: side, height: side, rgba: new Uint8Array(side * side * 4).fill(128) };
    expect(grabCut(even)).toHaveLength(side * side);
  });
});
