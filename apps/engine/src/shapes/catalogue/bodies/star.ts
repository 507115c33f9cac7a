import { around, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const star: Shape = {
  words: 'star звезда',
  build: ({ kit, paint }) => {
    const rim = around(
      10,
      (angle, i): Point => {
        const radius = i % 2 === 0 ? 0.5 : 0.24;
        return [radius * Math.cos((angle * Math.PI) / 180), radius * Math.sin((angle * Math.PI) / 180)];
      },
      90,
    );
    const bead = kit.ball(0.035);
    const middle = kit.ball(0.14).scale([1, 1, 1]);
    const points = rim.map(([x, z], i) => {
      const [nx, nz] = rim[(i + 1) % rim.length]!;
      return kit.hull(middle, bead.translate([x, 0, z]), bead.translate([nx, 0, nz]));
    });
    return [{ name: 'star', solid: kit.union(...points), finish: paint.finish('star', 'main', madeOf('gold')) }];
  },
};
