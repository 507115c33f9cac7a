import { cloth, walnut } from '../../finishes.js';
import type { Shape } from '../../shape.js';
import { corners } from './corners.js';

export const sofa: Shape = {
  words: 'sofa couch settee диван',
  build: ({ kit, paint }) => {
    const frame = kit.union(
      kit.box(1.7, 0.74, 0.28, 0.08).translate([0, 0, 0.1]),
      kit.box(1.7, 0.24, 0.78, 0.1).translate([0, 0.27, 0.12]),
      ...[-1, 1].map((side) => kit.box(0.2, 0.72, 0.48, 0.09).translate([side * 0.78, 0, 0.12])),
    );
    const seats = [-1, 1].map((side) => kit.box(0.68, 0.56, 0.2, 0.08).translate([side * 0.342, -0.09, 0.34]));
    const pillows = [-1, 1].map((side) =>
      kit
        .box(0.4, 0.16, 0.36, 0.08)
        .rotate([-14, 0, side * 12])
        .translate([side * 0.46, 0.1, 0.5]),
    );
    const feet = corners(0.72, 0.28).map(([x, y]) => kit.cylinder(0.03, 0.14, 0.045).translate([x, y, 0]));
    return [
      { name: 'frame', solid: kit.union(frame, ...seats), finish: paint.finish('sofa', 'main', cloth('#5673a8')) },
      { name: 'cushions', solid: kit.union(...pillows), finish: paint.finish('cushions', 'accent', cloth('#f0c25a')) },
      { name: 'feet', solid: kit.union(...feet), finish: paint.finish('legs', 'own', walnut) },
    ];
  },
};
