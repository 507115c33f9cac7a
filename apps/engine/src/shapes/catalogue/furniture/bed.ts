import { cloth, oak } from '../../finishes.js';
import { arc, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const bed: Shape = {
  words: 'bed кровать постель',
  build: ({ kit, paint }) => {
    const board = (height: number, y: number) =>
      kit
        .panel(
          [
            [
              [-0.56, 0.1],
              [0.56, 0.1],
              [0.56, height - 0.12],
              ...arc(0.56, 0, 180, 16).map(([x, z]): Point => [x, height - 0.12 + z * 0.22]),
              [-0.56, height - 0.12],
            ],
          ],
          0.07,
          0.02,
        )
        .translate([0, y, 0]);
    const posts = [
      [-0.56, 0.84, 0.86],
      [0.56, 0.84, 0.86],
      [-0.56, -0.84, 0.58],
      [0.56, -0.84, 0.58],
    ].map(([x, y, z]) =>
      kit
        .tube(
          [
            [x!, y!, 0.035],
            [x!, y!, z!],
          ],
          0.04,
        )
        .add(kit.ball(0.055).translate([x!, y!, z! + 0.04])),
    );
    const frame = kit.union(
      board(0.88, 0.84),
      board(0.6, -0.84),
      kit.box(1.1, 1.66, 0.16, 0.02).translate([0, 0, 0.2]),
      ...posts,
    );
    const blanket = kit.box(1.1, 1.14, 0.25, 0.09).translate([0, -0.24, 0.33]);
    const fold = kit.box(1.11, 0.22, 0.27, 0.09).translate([0, 0.24, 0.325]);
    const pillows = [-1, 1].map((side) =>
      kit
        .box(0.44, 0.34, 0.16, 0.075)
        .rotate([16, 0, side * 3])
        .translate([side * 0.25, 0.58, 0.46]),
    );
    return [
      { name: 'frame', solid: frame, finish: paint.finish('bed', 'main', oak) },
      {
        name: 'mattress',
        solid: kit.box(1.04, 1.6, 0.2, 0.06).translate([0, 0, 0.32]),
        finish: paint.finish('mattress', 'own', cloth('#f4f1ea')),
      },
      { name: 'blanket', solid: blanket, finish: paint.finish('blanket', 'accent', cloth('#5b86b8')) },
      { name: 'fold', solid: fold, finish: paint.finish('fold', 'own', cloth('#e9eef4')) },
      { name: 'pillows', solid: kit.union(...pillows), finish: paint.finish('cushions', 'own', cloth('#fbf8f1')) },
    ];
  },
};
