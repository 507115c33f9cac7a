import type { Finish } from '../../../reference/gltf.js';
import { glaze } from '../../finishes.js';
import { curve, type Point } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';
import { handlePath } from './handle-path.js';

const coffee: Finish = { name: 'coffee', colour: '#4a2a18', metallic: 0, roughness: 0.15 };

export const mug: Shape = {
  words: 'mug cup teacup кружка чашка',
  build: ({ kit, paint, random }) => {
    const radius = vary(random, 0.42, 0.06);
    const outer = curve<Point>(
      [
        [radius * 0.8, 0],
        [radius * 0.95, 0.03],
        [radius, 0.1],
        [radius, 0.5],
        [radius, 0.94],
      ],
      6,
    );
    const cup = kit.vessel(outer, 0.05, 0.09);
    const path = handlePath(radius, 0.48, vary(random, 0.27, 0.08), 0.28);
    const handle = kit
      .tube(
        path,
        path.map((_, i) => 0.055 + 0.014 * Math.abs(i / 11 - 1) ** 2),
      )
      .subtract(kit.cylinder(radius - 0.03, 2));
    const lining = kit.lining(outer, 0.05, 0.09);
    return [
      { name: 'mug', solid: cup.add(handle), finish: paint.finish('mug', 'main', glaze('#f3f1ea')) },
      { name: 'lining', solid: lining, finish: paint.finish('lining', 'accent', glaze('#f6efe0')) },
      {
        name: 'coffee',
        solid: kit.cylinder(radius - 0.05, 0.03).translate([0, 0, 0.83]),
        finish: paint.finish('drink', 'own', coffee),
      },
    ];
  },
};
