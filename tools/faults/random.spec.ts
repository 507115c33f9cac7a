import { Random } from './random.js';

describe('random numbers with a seed', () => {
  const draw = (seed: number): unknown[] => {
    const random = new Random(seed);
    const kinds = Array.from({ length: 1000 }, () => random.weighted({ often: 3, seldom: 1, never: 0 }));
    return [random.next(), random.between(3, 4), random.shuffled([1, 2, 3, 4, 5]), kinds];
  };

  it('are the same for the same seed, and others for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('keep to their limits and weights', () => {
    const [number, between, shuffled, kinds] = draw(1) as [number, number, number[], string[]];
    expect(number >= 0 && number < 1 && between >= 3 && between < 4).toBe(true);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    const often = kinds.filter((kind) => kind === 'often').length;
    expect(often).toBeGreaterThan(650);
    expect(often).toBeLessThan(850);
    expect(kinds).not.toContain('never');
  });
});
