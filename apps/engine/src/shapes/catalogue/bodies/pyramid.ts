import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const pyramid: Shape = {
  words: 'pyramid пирамида',
  build: ({ kit, paint }) => {
    const base = [-1, 1].flatMap((x) => [-1, 1].map((y) => kit.ball(0.02).translate([x * 0.58, y * 0.58, 0.02])));
    return [
      {
        name: 'pyramid',
        solid: kit.hull(...base, kit.ball(0.02).translate([0, 0, 0.8])),
        finish: paint.finish('pyramid', 'main', { ...madeOf('stone', '#dcb872') }),
      },
    ];
  },
};
