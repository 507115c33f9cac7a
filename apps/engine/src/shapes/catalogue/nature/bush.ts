import type { Random } from '../../../reference/random.js';
import type { Solid } from '../../kernel.js';
import type { Kit } from '../../kit.js';

/** A ball with a lumpy surface, another one for every seed. */
export function bush(kit: Kit, random: Random, radius: number): Solid {
  const [a, b, c] = [random() * 6, random() * 6, random() * 6];
  return kit.ball(1).warp((point) => {
    const [x, y, z] = point;
    const lump = 1 + 0.07 * Math.sin(x * 4.5 + a) * Math.sin(y * 4.7 + b) + 0.05 * Math.sin(z * 6 + c);
    for (let axis = 0; axis < 3; axis++) point[axis] = point[axis]! * lump * radius;
  });
}
