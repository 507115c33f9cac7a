import { glaze } from '../../finishes.js';
import { curve, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const plate: Shape = {
  words: 'plate dish saucer тарелка блюдо блюдце',
  build: ({ kit, paint }) => {
    const outer = curve<Point>(
      [
        [0.3, 0],
        [0.34, 0.02],
        [0.42, 0.06],
        [0.6, 0.1],
      ],
      8,
    );
    const rim = kit.torus(0.585, 0.014).translate([0, 0, 0.107]);
    return [
      {
        name: 'plate',
        solid: kit.vessel(outer, 0.035, 0.025),
        finish: paint.finish('plate', 'main', glaze('#f3f1ea')),
      },
      { name: 'rim', solid: rim, finish: paint.finish('rim', 'accent', glaze('#2c5fa8')) },
    ];
  },
};
