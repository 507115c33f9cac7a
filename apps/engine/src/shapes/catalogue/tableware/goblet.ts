import { curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const goblet: Shape = {
  words: 'goblet wineglass chalice бокал кубок фужер рюмка',
  build: ({ kit, paint }) => {
    const bowl = curve<Point>(
      [
        [0.03, 0.52],
        [0.16, 0.6],
        [0.26, 0.8],
        [0.23, 1.12],
      ],
      10,
    );
    const stem = curve<Point>(
      [
        [0.27, 0.0],
        [0.26, 0.025],
        [0.06, 0.06],
        [0.03, 0.2],
        [0.035, 0.3],
        [0.028, 0.42],
        [0.05, 0.56],
      ],
      6,
    );
    const glass = kit.vessel(bowl, 0.02, 0.56).add(kit.lathe([[0, 0], ...stem, [0, 0.56]]));
    const wine = curve<Point>(
      [
        [0.0, 0.6],
        [0.15, 0.64],
        [0.235, 0.8],
        [0.238, 0.86],
      ],
      6,
    );
    return [
      { name: 'glass', solid: glass, finish: paint.finish('glass', 'main', madeOf('glass')) },
      {
        name: 'wine',
        solid: kit.lathe([...wine, [0, 0.86]]),
        finish: paint.finish('drink', 'accent', { name: 'wine', colour: '#7a1230', metallic: 0, roughness: 0.1 }),
      },
    ];
  },
};
