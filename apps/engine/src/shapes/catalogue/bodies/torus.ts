import { plain } from '../../finishes.js';
import type { Shape } from '../../shape.js';

export const torus: Shape = {
  words: 'torus тор',
  build: ({ kit, paint }) => [
    { name: 'torus', solid: kit.torus(0.36, 0.14), finish: paint.finish('torus', 'main', plain('#8d5bc0')) },
  ],
};
