import { cloth, oak } from '../../finishes.js';
import type { Place } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';
import { corners } from './corners.js';

export const chair: Shape = {
  words: 'chair seat стул стулья',
  build: ({ kit, paint, random }) => {
    const [seat, back] = [0.46, vary(random, 0.5, 0.1)];
    const front = corners(0.19, 0.19)
      .slice(0, 2)
      .map(([x, y]) =>
        kit.tube(
          [
            [x * 1.12, y * 1.12, 0.02],
            [x, y, seat],
          ],
          [0.02, 0.028],
        ),
      );
    const rear = corners(0.19, 0.19)
      .slice(2)
      .map(([x, y]) =>
        kit.tube(
          [
            [x * 1.1, y * 1.18, 0.02],
            [x, y, seat],
            [x * 0.98, y + 0.07, seat + back],
          ],
          [0.02, 0.028, 0.022],
        ),
      );
    const slats = [0.36, 0.64, 0.92].map((share) => {
      const [z, y] = [seat + back * share, 0.19 + 0.07 * share];
      const bow = [-1, -0.5, 0, 0.5, 1].map((t): Place => [t * 0.185, y + 0.03 * (1 - t * t), z]);
      return kit.tube(bow, 0.02).add(
        kit.tube(
          bow.map(([x, y2, z2]): Place => [x, y2, z2 - 0.05]),
          0.018,
        ),
      );
    });
    const rails = [-1, 1].map((side) =>
      kit.tube(
        [
          [side * 0.2, -0.2, 0.2],
          [side * 0.2, 0.2, 0.2],
        ],
        0.013,
      ),
    );
    return [
      {
        name: 'frame',
        solid: kit.union(...front, ...rear, ...slats, ...rails),
        finish: paint.finish('legs', 'main', oak),
      },
      {
        name: 'seat',
        solid: kit.box(0.48, 0.46, 0.07, 0.03).translate([0, -0.01, seat - 0.025]),
        finish: paint.finish('seat', 'accent', cloth('#c9b48f')),
      },
    ];
  },
};
