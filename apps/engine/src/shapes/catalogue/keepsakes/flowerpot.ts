import { soil } from '../../finishes.js';
import { around } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const flowerpot: Shape = {
  words: 'flowerpot houseplant plant растение горшок',
  build: ({ kit, paint, random }) => {
    const pot = kit.vessel(
      [
        [0.22, 0],
        [0.31, 0.36],
        [0.35, 0.36],
        [0.36, 0.46],
      ],
      0.05,
      0.06,
    );
    const leaves = around(9, (angle, i) => {
      const length = vary(random, 0.34 + 0.1 * (i % 3), 0.1);
      return kit
        .egg(0.085, 0.018, length / 2)
        .translate([0, 0, length / 2])
        .rotate([0, 18 + 17 * (i % 3), angle * 2.1])
        .translate([0, 0, 0.38]);
    });
    return [
      { name: 'pot', solid: pot, finish: paint.finish('pot', 'main', madeOf('clay')) },
      {
        name: 'soil',
        solid: kit.cylinder(0.29, 0.05).translate([0, 0, 0.36]),
        finish: paint.finish('soil', 'own', soil),
      },
      {
        name: 'leaves',
        solid: kit.union(...leaves),
        finish: paint.finish('crown', 'accent', { name: 'leaf', colour: '#4d9a48', metallic: 0, roughness: 0.7 }),
      },
    ];
  },
};
