import { costOf, Scan, type ScannedMesh, staggeredX, staggeredY } from './scan.js';

/** Triangles by their corners on the screen: x, y, nearness each. */
const triangles = (...corners: number[]): ScannedMesh => ({
  indices: new Uint32Array(corners.length / 3).map((_, i) => i),
  screen: {
    x: new Float32Array(corners.filter((_, i) => i % 3 === 0)),
    y: new Float32Array(corners.filter((_, i) => i % 3 === 1)),
    nearness: new Float32Array(corners.filter((_, i) => i % 3 === 2)),
  },
});

/** How often every sample is covered, row by row, and the nearness seen last. */
function scanned(mesh: ScannedMesh, side: number, { staggered = true, doubleSided = true } = {}) {
  const scan = new Scan(mesh, { side, staggered }, doubleSided);
  const [times, nearness] = [new Uint8Array(side * side), new Float32Array(side * side)];
  for (let triangle = 0; triangle < mesh.indices.length / 3; triangle++) {
    if (!scan.select(triangle)) continue;
    for (let y = scan.top; y <= scan.bottom; y++) {
      for (let x = scan.enter(y); x <= scan.right; x++) {
        if (!scan.covers(x)) continue;
        times[y * side + x]!++;
        nearness[y * side + x] = scan.nearness;
      }
    }
  }
  return { times: [...times], nearness };
}

const side = 16;
const fan = (count: number): ScannedMesh =>
  triangles(
    ...Array.from({ length: count }, (_, i) => {
      const corner = (k: number) => [
        8 + 40 * Math.cos((k / count) * 2 * Math.PI + 0.1),
        8 + 40 * Math.sin((k / count) * 2 * Math.PI + 0.1),
        1,
      ];
      return [8.03, 7.96, 1, ...corner(i), ...corner(i + 1)];
    }).flat(),
  );

describe('scanning triangles', () => {
  it.each([3, 7, 50, 333])('leaves no gap between the %d triangles of a fan, and covers nothing twice', (count) => {
    expect(scanned(fan(count), side).times).toEqual(Array.from({ length: side * side }, () => 1));
  });

  it('finds what a test of every sample finds', () => {
    const corners = [-3.2, 4.1, 1, 19.7, 1.3, 1, 6.6, 14.9, 1];
    const inside = (x: number, y: number) =>
      [0, 3, 6].every((from) => {
        const to = (from + 3) % 9;
        const [dx, dy] = [corners[to]! - corners[from]!, corners[to + 1]! - corners[from + 1]!];
        return dx * (y - corners[from + 1]!) - dy * (x - corners[from]!) >= 0;
      });
    const expected = Array.from({ length: side * side }, (_, sample) => {
      const [column, row] = [sample % side, Math.floor(sample / side)];
      return inside(staggeredX(column, row), staggeredY(column, row)) ? 1 : 0;
    });
    expect(scanned(triangles(...corners), side).times).toEqual(expected);
  });

  it('meets the samples of a pixel one after the other as an upright edge passes', () => {
    const covered = (edge: number) =>
      scanned(triangles(-9, -9, 1, edge, -9, 1, edge, 30, 1, -9, -9, 1, edge, 30, 1, -9, 30, 1), 4).times.filter(
        Boolean,
      ).length;
    const steps = new Set(Array.from({ length: 65 }, (_, i) => covered(i / 16)));
    expect(steps.size).toBe(17);
  });

  it('gives the nearness between the corners', () => {
    const { nearness } = scanned(triangles(0, 0, 1, 32, 0, 3, 0, 32, 5), side, { staggered: false });
    expect(nearness[0]).toBeCloseTo(1 + (2 * 0.5) / 32 + (4 * 0.5) / 32, 6);
    expect(nearness[side * 7 + 3]).toBeCloseTo(1 + (2 * 3.5) / 32 + (4 * 7.5) / 32, 6);
  });

  it('passes over what is seen from behind, has no area or lies outside', () => {
    const [front, back] = [triangles(0, 0, 1, 0, 9, 1, 9, 0, 1), triangles(0, 0, 1, 9, 0, 1, 0, 9, 1)];
    const seen = (mesh: ScannedMesh, doubleSided: boolean) =>
      scanned(mesh, side, { doubleSided }).times.some((times) => times > 0);
    expect([seen(front, false), seen(back, false), seen(front, true), seen(back, true)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(seen(triangles(1, 1, 1, 5, 5, 1, 9, 9, 1), true)).toBe(false);
    expect(seen(triangles(20, 1, 1, 25, 5, 1, 29, 9, 1), true)).toBe(false);
  });

  it('knows before how much there is to look at, at most', () => {
    expect(costOf(fan(3), side)).toBeLessThanOrEqual(3 * side * side);
    expect(costOf(triangles(0, 0, 1, 3, 0, 1, 0, 1, 1), side)).toBe(4 * 2);
  });
});
