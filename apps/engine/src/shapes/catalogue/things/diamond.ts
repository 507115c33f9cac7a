import { around } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const diamond: Shape = {
  words: 'diamond gem jewel gemstone алмаз бриллиант самоцвет',
  build: ({ kit, paint }) => {
    const ringOf = (radius: number, z: number, turn: number) =>
      around(
        8,
        (angle) =>
          kit
            .ball(0.002)
            .translate([radius * Math.cos((angle * Math.PI) / 180), radius * Math.sin((angle * Math.PI) / 180), z]),
        turn,
      );
    const stone = kit.hull(
      kit.ball(0.002).translate([0, 0, 0]),
      ...ringOf(0.5, 0.52, 0),
      ...ringOf(0.43, 0.62, 22.5),
      ...ringOf(0.28, 0.72, 0),
    );
    return [
      {
        name: 'gem',
        solid: stone,
        finish: paint.finish('gems', 'main', { ...madeOf('crystal', '#8fd8f5'), opacity: 0.8 }),
      },
    ];
  },
};
