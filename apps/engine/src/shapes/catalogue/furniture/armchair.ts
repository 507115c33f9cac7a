import { cloth, walnut } from '../../finishes.js';
import type { Shape } from '../../shape.js';
import { corners } from './corners.js';

export const armchair: Shape = {
  words: 'armchair кресло',
  build: ({ kit, paint }) => {
    const frame = kit.union(
      kit.box(0.86, 0.76, 0.3, 0.08).translate([0, 0, 0.1]),
      kit.box(0.86, 0.24, 0.86, 0.1).translate([0, 0.28, 0.12]),
      ...[-1, 1].map((side) => kit.box(0.2, 0.74, 0.5, 0.09).translate([side * 0.36, 0, 0.12])),
    );
    const cushions = kit.union(
      kit.box(0.54, 0.56, 0.2, 0.08).translate([0, -0.09, 0.36]),
      kit.box(0.5, 0.2, 0.44, 0.09).rotate([-10, 0, 0]).translate([0, 0.13, 0.5]),
    );
    const feet = corners(0.33, 0.28).map(([x, y]) => kit.cylinder(0.03, 0.14, 0.045).translate([x, y, 0]));
    return [
      { name: 'frame', solid: frame, finish: paint.finish('armchair', 'main', cloth('#3f7f7a')) },
      { name: 'cushions', solid: cushions, finish: paint.finish('cushions', 'accent', cloth('#e0c48a')) },
      { name: 'feet', solid: kit.union(...feet), finish: paint.finish('legs', 'own', walnut) },
    ];
  },
};
