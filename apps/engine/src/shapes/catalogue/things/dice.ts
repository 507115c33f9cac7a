import { enamel } from '../../finishes.js';
import type { Place, Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const dice: Shape = {
  words: 'dice die кость кости',
  build: ({ kit, paint }) => {
    const faces: [count: number, turn: Place][] = [
      [1, [0, 0, 0]],
      [2, [0, 0, 90]],
      [3, [-90, 0, 0]],
      [4, [90, 0, 0]],
      [5, [0, 0, -90]],
      [6, [0, 0, 180]],
    ];
    const pipsOf = (radius: number) =>
      kit.union(
        ...faces.flatMap(([count, turn]) =>
          pips[count - 1]!.map(([x, z]) =>
            kit
              .ball(radius)
              .translate([x * 0.25, -0.53, z * 0.25])
              .rotate(turn),
          ),
        ),
      );
    const body = kit.box(1, 1, 1, 0.12).translate([0, 0, -0.5]);
    return [
      { name: 'body', solid: body.subtract(pipsOf(0.085)), finish: paint.finish('dice', 'main', enamel('#f5f3ec')) },
      {
        name: 'pips',
        solid: pipsOf(0.09).intersect(kit.box(0.97, 0.97, 0.97).translate([0, 0, -0.485])),
        finish: paint.finish('spots', 'accent', enamel('#26262a')),
      },
    ];
  },
};

/** Where the pips of each face of a die lie. */
const pips: Point[][] = [
  [[0, 0]],
  [
    [-1, -1],
    [1, 1],
  ],
  [
    [-1, -1],
    [0, 0],
    [1, 1],
  ],
  [
    [-1, -1],
    [1, 1],
    [-1, 1],
    [1, -1],
  ],
  [
    [-1, -1],
    [1, 1],
    [-1, 1],
    [1, -1],
    [0, 0],
  ],
  [
    [-1, -1],
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, 0],
    [1, 0],
  ],
];
