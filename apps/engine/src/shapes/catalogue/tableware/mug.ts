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
        [radius * 0.78, 0],
        [radius * 0.94, 0.03],
        [radius, 0.11],
        [radius, 0.48],
        [radius, 0.86],
      ],
      6,
    );
    const cup = kit.vessel(outer, 0.05, 0.09);
    const path = handlePath(radius, 0.45, vary(random, 0.27, 0.08), 0.26);
    const handle = kit
      .tube(
        path,
        path.map((_, i) => 0.06 + 0.014 * Math.abs(i / 11 - 1) ** 2),
      )
      .subtract(kit.cylinder(radius - 0.03, 2));
    const body = paint.finish('mug', 'main', glaze('#f3f1ea'));
    const lining = {
      name: 'lining',
      solid: kit.lining(outer, 0.05, 0.09),
      finish: paint.finish('lining', 'accent', glaze('#f6efe0')),
    };
    return [
      { name: 'mug', solid: cup, finish: body },
      { name: 'handle', solid: handle, finish: paint.finish('handle', 'main', glaze('#f3f1ea')) },
      ...(body.opacity === undefined ? [lining] : []),
      {
        name: 'coffee',
        solid: kit.cylinder(radius - 0.053, 0.59).translate([0, 0, 0.2]),
        finish: paint.finish('drink', 'own', coffee),
      },
    ];
  },
};
