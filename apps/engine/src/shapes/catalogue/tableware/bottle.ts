import { curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const bottle: Shape = {
  words: 'bottle flask бутылка фляга',
  build: ({ kit, paint, random }) => {
    const shoulder = vary(random, 0.72, 0.06);
    const outer = curve<Point>(
      [
        [0.2, 0],
        [0.225, 0.03],
        [0.225, 0.3],
        [0.22, shoulder],
        [0.09, shoulder + 0.24],
        [0.075, 1.16],
        [0.08, 1.24],
      ],
      8,
    );
    const lip = kit.torus(0.076, 0.022).translate([0, 0, 1.2]);
    const green = { name: 'green glass', colour: '#2f6b43', metallic: 0, roughness: 0.08 };
    const label = kit
      .cylinder(0.232, 0.3)
      .subtract(kit.cylinder(0.2, 1).translate([0, 0, -0.1]))
      .translate([0, 0, 0.24]);
    return [
      {
        name: 'bottle',
        solid: kit.vessel(outer, 0.03, 0.05).add(lip.subtract(kit.cylinder(0.04, 2))),
        finish: paint.finish('bottle', 'main', green),
      },
      { name: 'label', solid: label, finish: paint.finish('label', 'accent', madeOf('paper')) },
      {
        name: 'cork',
        solid: kit.cylinder(0.055, 0.14, 0.062).translate([0, 0, 1.17]),
        finish: paint.finish('cap', 'own', madeOf('wood', '#c79a63')),
      },
    ];
  },
};
