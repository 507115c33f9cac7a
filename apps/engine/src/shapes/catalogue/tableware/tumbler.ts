import { curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const tumbler: Shape = {
  words: 'glass tumbler стакан',
  build: ({ kit, paint }) => {
    const glass = kit.vessel(
      curve<Point>(
        [
          [0.26, 0],
          [0.29, 0.03],
          [0.31, 0.3],
          [0.35, 0.9],
        ],
        6,
      ),
      0.03,
      0.08,
    );
    const water = kit.cylinder(0.268, 0.5, 0.307).translate([0, 0, 0.1]);
    return [
      { name: 'glass', solid: glass, finish: paint.finish('glass', 'main', madeOf('glass')) },
      {
        name: 'water',
        solid: water,
        finish: paint.finish('drink', 'accent', {
          name: 'water',
          colour: '#7fc4e6',
          metallic: 0,
          roughness: 0.05,
        }),
      },
    ];
  },
};
