import { plain } from '../../finishes.js';
import type { Shape } from '../../shape.js';

export const sphere: Shape = {
  words: 'sphere ball orb шар сфера мяч',
  build: ({ kit, paint }) => [
    { name: 'sphere', solid: kit.ball(0.5), finish: paint.finish('sphere', 'main', plain('#e0574f')) },
  ],
};
