import { around } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const ring: Shape = {
  words: 'ring кольцо колец перстень перстня',
  build: ({ kit, paint }) => {
    const band = kit.torus(0.36, 0.055).scale([1, 1, 1.3]).rotate([90, 0, 0]).translate([0, 0, 0.4]);
    const claws = around(
      4,
      (angle) =>
        kit
          .tube(
            [
              [0.07, 0, 0.72],
              [0.15, 0, 0.86],
              [0.13, 0, 0.93],
            ],
            0.02,
          )
          .rotate([0, 0, angle]),
      45,
    );
    const gem = kit.lathe([
      [0, 0.74],
      [0.16, 0.9],
      [0.1, 0.97],
      [0, 0.97],
    ]);
    return [
      {
        name: 'band',
        solid: kit.union(band, kit.cylinder(0.07, 0.06, 0.09).translate([0, 0, 0.72]), ...claws),
        finish: paint.finish('ring', 'main', madeOf('gold')),
      },
      {
        name: 'gem',
        solid: gem,
        finish: paint.finish('gems', 'accent', { ...madeOf('crystal', '#9fe3f7'), opacity: 0.75 }),
      },
    ];
  },
};
