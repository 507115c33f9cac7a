import { darkOak, iron } from '../../finishes.js';
import { around, curve, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const barrel: Shape = {
  words: 'barrel cask keg бочка бочонок',
  build: ({ kit, paint }) => {
    const outline = curve<Point>(
      [
        [0.3, 0.04],
        [0.36, 0.24],
        [0.38, 0.46],
        [0.36, 0.68],
        [0.3, 0.88],
      ],
      6,
    );
    const grooves = around(14, (angle) => kit.box(0.02, 0.014, 1).translate([0.375, 0, 0]).rotate([0, 0, angle]));
    const staves = kit.lathe([
      [0, 0.07],
      [0.27, 0.07],
      [0.27, 0.04],
      ...outline,
      [0.27, 0.88],
      [0.27, 0.85],
      [0, 0.85],
    ]);
    const hoops = [0.14, 0.3, 0.62, 0.78].map((z) => {
      const radius = 0.38 - 0.4 * (z - 0.46) ** 2;
      return kit.lathe([
        [radius - 0.05, z - 0.03],
        [radius + 0.008, z - 0.03],
        [radius + 0.008, z + 0.03],
        [radius - 0.05, z + 0.03],
      ]);
    });
    return [
      {
        name: 'staves',
        solid: staves.subtract(kit.union(...grooves)),
        finish: paint.finish('barrel', 'main', darkOak),
      },
      { name: 'hoops', solid: kit.union(...hoops), finish: paint.finish('hoops', 'accent', iron) },
    ];
  },
};
