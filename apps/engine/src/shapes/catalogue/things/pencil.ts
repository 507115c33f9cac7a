import { enamel } from '../../finishes.js';
import { around, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const pencil: Shape = {
  words: 'pencil карандаш',
  build: ({ kit, paint }) => {
    const hexagon = around(6, (angle): Point => [
      0.07 * Math.cos((angle * Math.PI) / 180),
      0.07 * Math.sin((angle * Math.PI) / 180),
    ]);
    const tip = kit.cylinder(0.001, 0.2, 0.088).trimByPlane([0, 0, 1], 0.05);
    return [
      {
        name: 'paint',
        solid: kit
          .board([hexagon], 0.72)
          .translate([0, 0, 0.2])
          .subtract(kit.cylinder(0.001, 0.24, 0.105).subtract(kit.cylinder(0.2, 0.1).translate([0, 0, 0.3])))
          .add(kit.cylinder(0.05, 0.5).translate([0, 0, 0.3])),
        finish: paint.finish('pencil', 'main', enamel('#f2b21c')),
      },
      {
        name: 'wood',
        solid: kit.cylinder(0.022, 0.16, 0.0685).translate([0, 0, 0.051]),
        finish: paint.finish('wood', 'own', madeOf('wood', '#e2bd8a')),
      },
      {
        name: 'lead',
        solid: tip.intersect(kit.cylinder(0.03, 0.08)).add(kit.cylinder(0.001, 0.058, 0.0245)),
        finish: paint.finish('lead', 'own', { name: 'graphite', colour: '#2b2b30', metallic: 0, roughness: 0.5 }),
      },
      {
        name: 'ferrule',
        solid: kit.cylinder(0.074, 0.1).translate([0, 0, 0.9]),
        finish: paint.finish('ferrule', 'own', madeOf('silver')),
      },
      {
        name: 'eraser',
        solid: kit.cylinder(0.066, 0.1, 0.06).translate([0, 0, 0.98]),
        finish: paint.finish('eraser', 'accent', { name: 'eraser', colour: '#ef8f97', metallic: 0, roughness: 0.9 }),
      },
    ];
  },
};
