import { lacquer, pane, steel } from '../../finishes.js';
import { around, curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const rocket: Shape = {
  words: 'rocket spaceship spacecraft starship missile ракета',
  build: ({ kit, paint, random }) => {
    const girth = vary(random, 0.3, 0.08);
    const outline = curve<Point>(
      [
        [girth * 0.62, 0.16],
        [girth * 0.92, 0.4],
        [girth, 0.85],
        [girth * 0.8, 1.3],
        [girth * 0.4, 1.66],
        [0, 1.86],
      ],
      10,
    );
    const whole = kit.lathe([[0, 0.16], ...outline]);
    const fin = kit
      .board(
        [
          curve<Point>(
            [
              [0.1, 0.62],
              [0.36, 0.4],
              [0.52, 0.06],
              [0.5, -0.02],
              [0.36, 0.12],
              [0.12, 0.22],
            ],
            4,
          ),
        ],
        0.07,
        0.025,
      )
      .translate([0, 0, -0.035])
      .rotate([90, 0, 0]);
    const porthole = kit.cylinder(0.11, 0.5).rotate([90, 0, 0]).translate([0, 0.02, 1.02]);
    const frame = kit
      .torus(0.12, 0.03)
      .rotate([90, 0, 0])
      .translate([0, -girth * 0.985, 1.02]);
    const flame = kit.lathe([
      [0, -0.3],
      ...curve<Point>(
        [
          [0.015, -0.28],
          [0.12, -0.02],
          [0.1, 0.16],
        ],
        6,
      ),
      [0, 0.16],
    ]);
    const stripe = kit.lathe([
      [0.05, 0.44],
      [girth * 0.965, 0.46],
      [girth * 0.99, 0.56],
      [0.05, 0.58],
    ]);
    return [
      {
        name: 'hull',
        solid: whole.trimByPlane([0, 0, -1], -1.36).subtract(porthole.translate([0, 0.02, 0])),
        finish: paint.finish('rocket', 'main', lacquer('#f2f1ee')),
      },
      {
        name: 'nose',
        solid: whole.scale([1.03, 1.03, 1]).trimByPlane([0, 0, 1], 1.34),
        finish: paint.finish('nose', 'accent', lacquer('#d5352f')),
      },
      { name: 'stripe', solid: stripe, finish: paint.finish('nose', 'accent', lacquer('#d5352f')) },
      {
        name: 'fins',
        solid: kit.union(...around(3, (angle) => fin.rotate([0, 0, angle]), 30)),
        finish: paint.finish('fins', 'accent', lacquer('#d5352f')),
      },
      { name: 'porthole', solid: frame, finish: paint.finish('frame', 'own', steel) },
      {
        name: 'window',
        solid: kit
          .ball(0.112)
          .scale([1, 0.5, 1])
          .translate([0, -girth * 0.94, 1.02]),
        finish: paint.finish('windows', 'own', pane),
      },
      {
        name: 'nozzle',
        solid: kit.lathe([
          [0, 0.02],
          [0.17, 0.02],
          [0.19, 0.05],
          [0.12, 0.2],
          [0, 0.2],
        ]),
        finish: paint.finish('nozzle', 'own', madeOf('iron')),
      },
      {
        name: 'flame',
        solid: flame,
        finish: {
          ...paint.finish('flame', 'own', { name: 'flame', colour: '#ff9a24', metallic: 0, roughness: 0.6 }),
          glows: true,
        },
      },
    ];
  },
};
