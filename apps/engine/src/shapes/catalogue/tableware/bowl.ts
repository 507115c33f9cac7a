import { glaze } from '../../finishes.js';
import { curve, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const bowl: Shape = {
  words: 'bowl миска пиала тарелочка',
  build: ({ kit, paint }) => {
    const outer = curve<Point>(
      [
        [0.2, 0.05],
        [0.34, 0.1],
        [0.5, 0.26],
        [0.58, 0.48],
      ],
      10,
    );
    const foot = kit.cylinder(0.22, 0.09, 0.2).subtract(kit.cylinder(0.17, 0.03));
    const lining = kit.lining(outer, 0.045, 0.1);
    return [
      {
        name: 'bowl',
        solid: kit.vessel(outer, 0.045, 0.1).add(foot),
        finish: paint.finish('bowl', 'main', glaze('#3f6fb0')),
      },
      { name: 'lining', solid: lining, finish: paint.finish('lining', 'accent', glaze('#f4efe4')) },
    ];
  },
};
