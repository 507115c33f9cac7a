import { curve, swell, type Place } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const spoon: Shape = {
  words: 'spoon ложка',
  build: ({ kit, paint }) => {
    const bowl = kit
      .egg(0.17, 0.07, 0.25)
      .subtract(kit.egg(0.15, 0.062, 0.23).translate([0, -0.03, 0]))
      .translate([0, 0, 1.1]);
    const handle = kit.tube(
      curve<Place>(
        [
          [0, 0.03, 0.02],
          [0, 0.02, 0.2],
          [0, 0, 0.6],
          [0, 0.03, 0.88],
        ],
        6,
      ),
      swell([0.055, 0.045, 0.03, 0.035], 6),
    );
    return [{ name: 'spoon', solid: bowl.add(handle), finish: paint.finish('spoon', 'main', madeOf('silver')) }];
  },
};
