import { aBox, aGlobe } from '../../../test/a-shape.js';
import { countEdges } from '../../statistics/edges.js';
import { hullOf } from './hull.js';

describe('a hull', () => {
  it.each([
    ['a ball in many triangles', aGlobe(64, 32).positions, 200],
    ['a ball in four triangles', aGlobe(64, 32).positions, 4],
    ['a box', aBox().positions, 12],
    ['a box in five triangles', aBox().positions, 5],
    ['a flat square', aBox(1).positions, 100],
    ['a square that is flat but for rounding', aBox(1).positions.map((value, i) => value + 1e-9 * Math.sin(i)), 100],
    ['a leaning square', new Float32Array([0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1]), 100],
    ['a line', new Float32Array([0, 0, 0, 1, 1, 1, 2, 2, 2]), 100],
  ])('of %s keeps its budget and is closed', async (_, points, most) => {
    const { positions, indices } = await hullOf(points, most);
    expect(indices.length).toBeGreaterThanOrEqual(12);
    expect(indices.length).toBeLessThanOrEqual(3 * most);
    expect(Math.max(...indices)).toBeLessThan(positions.length / 3);
    expect(countEdges(indices)).toEqual({ open: 0, nonManifold: 0, flipped: 0 });
  });

  it('of a box is the box', async () => {
    const { positions, indices } = await hullOf(aBox().positions, 12);
    expect([positions.length, indices.length]).toEqual([24, 36]);
    expect([...positions].map(Math.abs)).toEqual(Array(24).fill(0.5));
  });
});
