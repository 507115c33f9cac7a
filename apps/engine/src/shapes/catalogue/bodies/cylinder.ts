import { plain } from '../../finishes.js';
import { arc } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const cylinder: Shape = {
  words: 'cylinder цилиндр',
  build: ({ kit, paint }) => [
    {
      name: 'cylinder',
      solid: kit.lathe([[0, 0], ...arc(0.04, -90, 0, 5, [0.4, 0.04]), ...arc(0.04, 0, 90, 5, [0.4, 0.96]), [0, 1]]),
      finish: paint.finish('cylinder', 'main', plain('#57a86b')),
    },
  ],
};
