import { curve, mirrored, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const boat: Shape = {
  words: 'boat sailboat yacht ship лодка парусник яхта корабль',
  build: ({ kit, paint }) => {
    const deck = mirrored(
      curve<Point>(
        [
          [0, -0.8],
          [0.22, -0.42],
          [0.3, 0.1],
          [0.22, 0.62],
          [0, 0.66],
        ],
        8,
      ),
    );
    const hull = kit.hull(
      kit.board([deck], 0.02).translate([0, 0, 0.3]),
      kit.board([deck.map(([x, y]): Point => [x * 0.55, y * 0.8])], 0.02),
    );
    const hold = kit.hull(
      kit.board([deck.map(([x, y]): Point => [x * 0.86, y * 0.92])], 0.02).translate([0, 0, 0.32]),
      kit.board([deck.map(([x, y]): Point => [x * 0.5, y * 0.74])], 0.02).translate([0, 0, 0.12]),
    );
    const sail = (points: Point[]) => kit.board([points], 0.03, 0.01).translate([0, 0, -0.015]).rotate([90, 0, 90]);
    const main = curve<Point>(
      [
        [0.06, 0.42],
        [0.56, 0.44],
        [0.44, 0.8],
        [0.06, 1.42],
      ],
      6,
    );
    const jib = curve<Point>(
      [
        [-0.06, 0.46],
        [-0.62, 0.4],
        [-0.3, 0.76],
        [-0.06, 1.3],
      ],
      6,
    );
    return [
      { name: 'hull', solid: hull.subtract(hold), finish: paint.finish('boat', 'main', madeOf('wood', '#9c5f33')) },
      {
        name: 'deck',
        solid: kit.board([deck.map(([x, y]): Point => [x * 0.8, y * 0.88])], 0.04).translate([0, 0, 0.19]),
        finish: paint.finish('deck', 'own', madeOf('wood', '#d3a76c')),
      },
      {
        name: 'mast',
        solid: kit
          .tube(
            [
              [0, 0, 0.15],
              [0, 0, 1.5],
            ],
            [0.032, 0.022],
          )
          .add(
            kit.tube(
              [
                [0, 0, 0.42],
                [0, 0.6, 0.44],
              ],
              0.02,
            ),
          ),
        finish: paint.finish('mast', 'own', madeOf('wood', '#6f452a')),
      },
      {
        name: 'sails',
        solid: sail(main).add(sail(jib)),
        finish: paint.finish('sail', 'accent', { name: 'canvas', colour: '#f5efdf', metallic: 0, roughness: 0.9 }),
      },
      {
        name: 'flag',
        solid: sail([
          [-0.01, 1.42],
          [0.2, 1.47],
          [-0.01, 1.52],
        ]),
        finish: paint.finish('flag', 'own', { name: 'flag', colour: '#d5352f', metallic: 0, roughness: 0.9 }),
      },
    ];
  },
};
