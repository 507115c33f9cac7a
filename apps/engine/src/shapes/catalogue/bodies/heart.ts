import type { Shape } from '../../shape.js';

export const heart: Shape = {
  words: 'heart сердце',
  build: ({ kit, paint }) => {
    // the curve x² + (5z/4 - √|x|)² = 1, blown up: every slice of a ball is lifted by how far it is from the middle
    const body = kit
      .ball(1)
      .refine(2)
      .warp((point) => {
        const [x, y, z] = point;
        point[1] = y * (0.56 + 0.1 * z);
        point[2] = 0.84 * z + 0.8 * (Math.abs(x) + 0.015) ** 0.6;
      });
    const gloss = { name: 'gloss', colour: '#d92d45', metallic: 0, roughness: 0.2 };
    return [{ name: 'heart', solid: body, finish: paint.finish('heart', 'main', gloss) }];
  },
};
