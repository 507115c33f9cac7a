import type { Picture } from '../cutout/picture.js';
import { bytesOfHex, difference, labOf } from '../reference/oklab.js';
import { monochrome, recolour } from './recolour.js';

/** A picture of stripes: each colour on as many pixels. */
function stripes(...colours: [hex: string, pixels: number][]): Picture {
  const pixels = colours.flatMap(([hex, count]) => Array.from({ length: count }, () => [...bytesOfHex(hex), 255]));
  return { width: pixels.length, height: 1, rgba: Uint8Array.from(pixels.flat()) };
}

const far = ({ rgba }: Picture, pixel: number, hex: string): number =>
  difference(labOf(rgba[4 * pixel]!, rgba[4 * pixel + 1]!, rgba[4 * pixel + 2]!), labOf(...bytesOfHex(hex)));

describe('recolouring a picture', () => {
  it('gives the main colour another one and leaves the rest', () => {
    const dragon = recolour(stripes(['#2fa578', 64], ['#e02a7e', 16], ['#202024', 8]), '#c62828');
    expect(far(dragon, 8, '#c62828')).toBeLessThan(0.03);
    expect(far(dragon, 70, '#e02a7e')).toBeLessThan(0.01);
    expect(far(dragon, 84, '#202024')).toBeLessThan(0.03);
  });

  it('colours a grey thing', () => {
    expect(far(recolour(stripes(['#a9a6b4', 64]), '#ee7fa8'), 8, '#ee7fa8')).toBeLessThan(0.03);
  });

  it('keeps light and dark apart', () => {
    const shaded = recolour(stripes(['#4a9a5a', 32], ['#2f6a3c', 32]), '#2a62c9');
    const lightness = (pixel: number): number =>
      labOf(...([...shaded.rgba.subarray(4 * pixel, 4 * pixel + 3)] as [number, number, number]))[0];
    expect(lightness(4)).toBeGreaterThan(lightness(40) + 0.1);
  });

  it('does nothing when the colour is there already', () => {
    const fox = stripes(['#e0782a', 64], ['#fff4e0', 16]);
    expect(recolour(fox, '#e0782a')).toBe(fox);
  });
});

describe('a picture in one material', () => {
  it('has one hue', () => {
    const cast = monochrome(stripes(['#2fa578', 32], ['#e02a7e', 32]), '#f3bc45');
    for (const pixel of [4, 40]) {
      const [, a, b] = labOf(...([...cast.rgba.subarray(4 * pixel, 4 * pixel + 3)] as [number, number, number]));
      expect((Math.atan2(b, a) * 180) / Math.PI).toBeCloseTo(83, -1.2);
    }
  });
});
