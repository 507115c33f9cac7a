import { around } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const key: Shape = {
  words: 'key ключ',
  build: ({ kit, paint }) => {
    const bow = around(
      3,
      (angle) =>
        kit.torus(0.13, 0.042).scale([1, 1, 0.8]).rotate([90, 0, 0]).translate([0.15, 0, 0]).rotate([0, angle, 0]),
      30,
    );
    const bit = kit.panel(
      [
        [
          [0, 0.04],
          [0.2, 0.04],
          [0.2, 0.12],
          [0.13, 0.12],
          [0.13, 0.17],
          [0.2, 0.17],
          [0.2, 0.28],
          [0, 0.28],
        ],
      ],
      0.06,
      0.012,
    );
    const shaft = kit
      .cylinder(0.042, 0.86)
      .add(kit.torus(0.045, 0.022).translate([0, 0, 0.72]))
      .add(kit.torus(0.045, 0.018).translate([0, 0, 0.64]));
    return [
      {
        name: 'key',
        solid: kit.union(shaft, bit, kit.union(...bow).translate([0, 0, 1])),
        finish: paint.finish('key', 'main', madeOf('brass')),
      },
    ];
  },
};
