import { seeded } from '../reference/random.js';
import { GridCut, neighbourSteps } from './min-cut.js';

const [width, height] = [4, 3];
const count = width * height;

interface Problem {
  links: Float32Array;
  terminals: Float32Array;
}

/** A random problem with symmetric links, in whole numbers so that costs compare exactly. */
function aProblem(seed: number): Problem {
  const random = seeded(seed);
  const links = new Float32Array(count * 8);
  for (let cell = 0; cell < count; cell++) {
    neighbourSteps.forEach(([dx, dy], direction) => {
      const [x, y] = [(cell % width) + dx, Math.floor(cell / width) + dy];
      if (direction > 3 || x < 0 || x >= width || y < 0 || y >= height) return;
      const strength = Math.floor(random() * 6);
      links[cell * 8 + direction] = strength;
      links[(y * width + x) * 8 + 7 - direction] = strength;
    });
  }
  return { links, terminals: Float32Array.from({ length: count }, () => Math.floor(random() * 17) - 8) };
}

/** What a split costs: the terminals it goes against and the links it cuts. */
function costOf({ links, terminals }: Problem, isSource: (cell: number) => boolean): number {
  let cost = 0;
  for (let cell = 0; cell < count; cell++) {
    cost += isSource(cell) ? Math.max(0, -terminals[cell]!) : Math.max(0, terminals[cell]!);
    neighbourSteps.forEach(([dx, dy], direction) => {
      const next = cell + dy * width + dx;
      if (isSource(cell) && links[cell * 8 + direction]! > 0 && !isSource(next)) cost += links[cell * 8 + direction]!;
    });
  }
  return cost;
}

describe('the cheapest cut of a grid', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'costs no more than any of all splits (problem %i)',
    (seed) => {
      const problem = aProblem(seed);
      const cut = new GridCut(width, height);
      cut.links.set(problem.links);
      cut.terminals.set(problem.terminals);
      const sides = cut.solve();
      let least = Infinity;
      for (let split = 0; split < 2 ** count; split++) {
        least = Math.min(
          least,
          costOf(problem, (cell) => (split & (1 << cell)) !== 0),
        );
      }
      expect(costOf(problem, (cell) => sides[cell] === 1)).toBe(least);
    },
  );
});
