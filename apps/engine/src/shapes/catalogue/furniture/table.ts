import { oak, walnut } from '../../finishes.js';
import { vary, type Shape } from '../../shape.js';
import { corners } from './corners.js';

export const table: Shape = {
  words: 'table desk стол',
  build: ({ kit, paint, random }) => {
    const width = vary(random, 1.3, 0.1);
    const legs = corners(width / 2 - 0.1, 0.3).map(([x, y]) =>
      kit.tube(
        [
          [x * 1.04, y * 1.06, 0.03],
          [x, y, 0.68],
        ],
        [0.03, 0.045],
      ),
    );
    const apron = kit
      .box(width - 0.18, 0.62, 0.1, 0.01)
      .subtract(kit.box(width - 0.24, 0.56, 0.3).translate([0, 0, -0.1]))
      .translate([0, 0, 0.6]);
    return [
      { name: 'legs', solid: kit.union(...legs, apron), finish: paint.finish('legs', 'accent', walnut) },
      {
        name: 'top',
        solid: kit.box(width, 0.8, 0.07, 0.025).translate([0, 0, 0.69]),
        finish: paint.finish('table', 'main', oak),
      },
    ];
  },
};
