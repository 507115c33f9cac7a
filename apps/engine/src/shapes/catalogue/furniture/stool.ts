import { oak, walnut } from '../../finishes.js';
import { around, curve, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const stool: Shape = {
  words: 'stool табурет табуретка',
  build: ({ kit, paint }) => {
    const legs = around(
      3,
      (angle) =>
        kit
          .tube(
            [
              [0.27, 0, 0.025],
              [0.15, 0, 0.6],
            ],
            [0.024, 0.034],
          )
          .rotate([0, 0, angle]),
      90,
    );
    const ring = kit.torus(0.225, 0.016).translate([0, 0, 0.24]);
    const seat = kit.lathe([
      [0, 0.57],
      ...curve<Point>(
        [
          [0.25, 0.57],
          [0.275, 0.6],
          [0.25, 0.64],
          [0.14, 0.635],
        ],
        6,
      ),
      [0, 0.625],
    ]);
    return [
      { name: 'legs', solid: kit.union(...legs, ring), finish: paint.finish('legs', 'accent', walnut) },
      { name: 'seat', solid: seat, finish: paint.finish('seat', 'main', oak) },
    ];
  },
};
