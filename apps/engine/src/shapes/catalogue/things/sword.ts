import { grip, steel } from '../../finishes.js';
import { curve, type Place, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const sword: Shape = {
  words: 'sword blade меч',
  build: ({ kit, paint, random }) => {
    const length = vary(random, 1, 0.08);
    const section: Point[] = [
      [0.058, 0],
      [0, 0.018],
      [-0.058, 0],
      [0, -0.018],
    ];
    const blade = kit
      .board([section], length)
      .add(
        kit.hull(
          kit.board([section], 0.001).translate([0, 0, length - 0.0005]),
          kit.ball(0.003).translate([0, 0, length + 0.14]),
        ),
      );
    const guard = kit
      .tube(
        curve<Place>(
          [
            [-0.2, 0, 0.03],
            [-0.12, 0, 0],
            [0, 0, -0.01],
            [0.12, 0, 0],
            [0.2, 0, 0.03],
          ],
          5,
        ),
        0.026,
      )
      .add(kit.ball(0.04).translate([-0.2, 0, 0.03]))
      .add(kit.ball(0.04).translate([0.2, 0, 0.03]));
    const wraps = [0, 1, 2, 3, 4].map((i) => kit.torus(0.028, 0.009).translate([0, 0, -0.06 - i * 0.04]));
    const hilt = kit.cylinder(0.028, 0.24, 0.032).translate([0, 0, -0.25]);
    return [
      { name: 'blade', solid: blade.translate([0, 0, -0.01]), finish: paint.finish('blade', 'main', steel) },
      {
        name: 'guard',
        solid: guard.add(kit.ball(0.055).translate([0, 0, -0.28])),
        finish: paint.finish('guard', 'accent', madeOf('gold')),
      },
      { name: 'grip', solid: kit.union(hilt, ...wraps), finish: paint.finish('handle', 'own', grip) },
    ];
  },
};
