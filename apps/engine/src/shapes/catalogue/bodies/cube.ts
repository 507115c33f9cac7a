import { plain } from '../../finishes.js';
import type { Shape } from '../../shape.js';

export const cube: Shape = {
  words: 'cube block куб кубик',
  build: ({ kit, paint }) => [
    { name: 'cube', solid: kit.box(1, 1, 1, 0.05), finish: paint.finish('cube', 'main', plain('#4a7fd0')) },
  ],
};
