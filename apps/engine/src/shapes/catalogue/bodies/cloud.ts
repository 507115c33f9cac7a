import type { Place } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const cloud: Shape = {
  words: 'cloud облако туча тучка',
  build: ({ kit, paint, random }) => {
    const puffs: Place[] = [
      [0, 0, 0.34],
      [-0.32, 0, 0.24],
      [0.33, 0, 0.25],
      [-0.14, -0.14, 0.2],
      [0.17, 0.14, 0.2],
      [0.1, -0.14, 0.22],
    ];
    const balls = puffs.map(([x, y, z]) => kit.ball(0.2 + z * 0.22 + random() * 0.03).translate([x, y, z]));
    return [
      {
        name: 'cloud',
        solid: kit.union(...balls).trimByPlane([0, 0, 1], 0.06),
        finish: paint.finish('cloud', 'main', { name: 'mist', colour: '#eef3fa', metallic: 0, roughness: 1 }),
      },
    ];
  },
};
