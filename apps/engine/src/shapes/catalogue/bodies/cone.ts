import { plain } from '../../finishes.js';
import { arc } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const cone: Shape = {
  words: 'cone конус',
  build: ({ kit, paint }) => [
    {
      name: 'cone',
      solid: kit.lathe([[0, 0], ...arc(0.04, -90, 25, 6, [0.44, 0.04]), ...arc(0.03, 25, 90, 4, [0, 0.98])]),
      finish: paint.finish('cone', 'main', plain('#f0a132')),
    },
  ],
};
