import { plain } from '../../finishes.js';
import type { Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const arrow: Shape = {
  words: 'arrow стрела стрелка',
  build: ({ kit, paint }) => {
    const outline: Point[] = [
      [-0.5, -0.13],
      [0.05, -0.13],
      [0.05, -0.32],
      [0.5, 0],
      [0.05, 0.32],
      [0.05, 0.13],
      [-0.5, 0.13],
    ];
    return [
      {
        name: 'arrow',
        solid: kit.panel([outline], 0.2, 0.04),
        finish: paint.finish('arrow', 'main', plain('#3f9a57')),
      },
    ];
  },
};
