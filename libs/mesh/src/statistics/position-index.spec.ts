import { PositionIndex } from './position-index.js';

describe('numbering positions', () => {
  it('ends however far from the origin they lie', () => {
    const index = new PositionIndex(4, 1e-6);
    const far = [1e15, -3e38, Infinity].map((x) => index.add(x, x, x));
    expect(far).toEqual([0, 1, 2]);
    expect(index.add(1e15, 1e15, 1e15)).toBe(0);
  });
});
