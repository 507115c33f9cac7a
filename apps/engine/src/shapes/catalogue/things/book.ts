import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const book: Shape = {
  words: 'book tome книга',
  build: ({ kit, paint }) => {
    const cover = kit.box(0.72, 0.22, 1, 0.02).subtract(kit.box(0.8, 0.16, 1.2).translate([0.07, 0, -0.1]));
    const pages = kit.box(0.66, 0.17, 0.94).translate([0.002, 0, 0.03]);
    const bands = [0.16, 0.8].map((z) => kit.box(0.03, 0.236, 0.03, 0.01).translate([-0.352, 0, z]));
    const emblem = kit.ball(0.14).scale([1, 0.12, 1]).translate([0.02, -0.108, 0.56]);
    return [
      { name: 'cover', solid: cover, finish: paint.finish('book', 'main', madeOf('leather', '#8c2f2a')) },
      { name: 'pages', solid: pages, finish: paint.finish('pages', 'own', madeOf('paper')) },
      {
        name: 'ornaments',
        solid: kit.union(...bands, emblem),
        finish: paint.finish('ornaments', 'accent', madeOf('gold')),
      },
    ];
  },
};
