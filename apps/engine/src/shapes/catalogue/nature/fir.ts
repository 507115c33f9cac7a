import { leaf, bark } from '../../finishes.js';
import { arc } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';

export const fir: Shape = {
  words: 'fir pine spruce елка ель сосна',
  build: ({ kit, paint, random }) => {
    const tiers = [0, 1, 2, 3].map((tier) => {
      const [radius, z] = [vary(random, 0.52 - tier * 0.105, 0.05), 0.3 + tier * 0.3];
      const skirt = kit.lathe([
        [0, z + 0.05],
        ...arc(0.035, -140, 20, 5, [radius, z]),
        [0.04, z + 0.46],
        [0, z + 0.48],
      ]);
      const waves = Math.round(9 - tier);
      return skirt.warp((point) => {
        const swing = Math.cos(waves * Math.atan2(point[1], point[0]) + tier);
        const out = Math.hypot(point[0], point[1]) / radius;
        point[2] -= 0.05 * swing * out ** 3;
      });
    });
    return [
      { name: 'trunk', solid: kit.cylinder(0.1, 0.4, 0.07), finish: paint.finish('trunk', 'own', bark) },
      { name: 'crown', solid: kit.union(...tiers), finish: paint.finish('crown', 'main', leaf('#2f7a4a')) },
    ];
  },
};
