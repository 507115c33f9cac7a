import { cloth } from '../../finishes.js';
import { around, curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const lamp: Shape = {
  words: 'lamp lampshade лампа светильник торшер',
  build: ({ kit, paint, random }) => {
    const height = vary(random, 0.72, 0.08);
    const base = kit.lathe([
      [0, 0],
      ...curve<Point>(
        [
          [0.24, 0],
          [0.24, 0.03],
          [0.1, 0.07],
          [0.03, 0.12],
          [0.024, height],
        ],
        6,
      ),
      [0, height],
    ]);
    const shade = kit
      .sleeve(
        [
          [0.36, 0],
          [0.3, 0.2],
          [0.22, 0.42],
        ],
        0.02,
      )
      .translate([0, 0, height - 0.14]);
    const spokes = around(3, (angle) =>
      kit
        .tube(
          [
            [0, 0, height + 0.1],
            [0.26, 0, height + 0.1],
          ],
          0.008,
        )
        .rotate([0, 0, angle]),
    );
    const bulb = kit.ball(0.085).translate([0, 0, height + 0.02]);
    return [
      {
        name: 'stand',
        solid: kit.union(base, kit.cylinder(0.02, height + 0.14), ...spokes),
        finish: paint.finish('legs', 'accent', madeOf('brass')),
      },
      { name: 'shade', solid: shade, finish: paint.finish('shade', 'main', cloth('#efe2c4')) },
      {
        name: 'bulb',
        solid: bulb,
        finish: { name: 'light', colour: '#ffe2a0', metallic: 0, roughness: 0.4, glows: true },
      },
    ];
  },
};
