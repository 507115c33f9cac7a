import { plaster, timber } from '../../finishes.js';
import { around } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

/** How wide the tower is at a height. */
const radius = (z: number): number => 0.3 - 0.13 * z;

export const lighthouse: Shape = {
  words: 'lighthouse маяк',
  build: ({ kit, paint }) => {
    const bands = [0, 1, 2, 3, 4].map((i) =>
      kit
        .cylinder(radius(i * 0.2), 0.202, radius(i * 0.2 + 0.202))
        .translate([0, 0, 0.1 + i * 0.2 - (i === 0 ? 0 : 0.001)]),
    );
    const stripes = [1, 3].map((i) =>
      kit.cylinder(radius(i * 0.2) + 0.006, 0.2, radius(i * 0.2 + 0.2) + 0.006).translate([0, 0, 0.1 + i * 0.2]),
    );
    const rail = kit
      .torus(0.25, 0.012)
      .translate([0, 0, 1.25])
      .add(
        kit.union(...around(10, (angle) => kit.cylinder(0.008, 0.13).translate([0.25, 0, 1.13]).rotate([0, 0, angle]))),
      );
    return [
      {
        name: 'rock',
        solid: kit.cylinder(0.48, 0.06, 0.44).add(kit.cylinder(0.4, 0.11, 0.36)),
        finish: paint.finish('rock', 'own', madeOf('stone')),
      },
      { name: 'tower', solid: kit.union(...bands), finish: paint.finish('walls', 'main', plaster) },
      {
        name: 'stripes',
        solid: kit.union(...stripes),
        finish: paint.finish('stripes', 'accent', {
          name: 'red paint',
          colour: '#cf3a30',
          metallic: 0,
          roughness: 0.6,
        }),
      },
      {
        name: 'gallery',
        solid: kit.cylinder(0.17, 0.07, 0.28).translate([0, 0, 1.07]).add(rail),
        finish: paint.finish('gallery', 'own', madeOf('iron')),
      },
      {
        name: 'lantern',
        solid: kit.cylinder(0.13, 0.2).translate([0, 0, 1.13]),
        finish: { name: 'light', colour: '#ffe9a6', metallic: 0, roughness: 0.2, glows: true },
      },
      {
        name: 'roof',
        solid: kit
          .cylinder(0.19, 0.17, 0.01)
          .translate([0, 0, 1.32])
          .add(kit.ball(0.03).translate([0, 0, 1.5])),
        finish: paint.finish('roof', 'accent', { name: 'red paint', colour: '#cf3a30', metallic: 0, roughness: 0.6 }),
      },
      {
        name: 'door',
        solid: kit.box(0.12, 0.1, 0.2, 0.03).translate([0, -0.27, 0.1]),
        finish: paint.finish('door', 'own', timber),
      },
    ];
  },
};
