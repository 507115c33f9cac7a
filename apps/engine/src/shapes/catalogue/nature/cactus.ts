import type { Solid } from '../../kernel.js';
import { leaf, soil } from '../../finishes.js';
import { around, curve, type Place } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

/** Upright ribs around a body on the Z axis. */
const ribbed = (solid: Solid): Solid =>
  solid.refineToLength(0.06).warp((point) => {
    const swell = 1 + 0.06 * Math.cos(10 * Math.atan2(point[1], point[0]));
    point[0] *= swell;
    point[1] *= swell;
  });

export const cactus: Shape = {
  words: 'cactus cacti кактус',
  build: ({ kit, paint, random }) => {
    const body = ribbed(
      kit.tube(
        [
          [0, 0, 0.3],
          [0, 0, 0.6],
          [0, 0, 0.94],
        ],
        [0.18, 0.2, 0.17],
      ),
    );
    const arm = (side: number, low: number, high: number) =>
      kit.tube(
        curve<Place>(
          [
            [side * 0.12, 0, low],
            [side * 0.32, 0, low + 0.02],
            [side * 0.36, 0, low + 0.14],
            [side * 0.36, 0, high],
          ],
          5,
        ),
        0.085,
      );
    const flower = kit
      .union(...around(6, (angle) => kit.egg(0.05, 0.03, 0.08).translate([0.05, 0, 0.05]).rotate([0, 20, angle])))
      .translate([0.02, 0, 1.08]);
    const pot = kit.vessel(
      [
        [0.2, 0],
        [0.27, 0.3],
        [0.3, 0.3],
        [0.31, 0.38],
      ],
      0.05,
      0.06,
    );
    return [
      {
        name: 'cactus',
        solid: kit.union(body, arm(-1, 0.56, vary(random, 0.8, 0.06)), arm(1, 0.64, vary(random, 0.9, 0.06))),
        finish: paint.finish('cactus', 'main', leaf('#4f9b52')),
      },
      {
        name: 'flower',
        solid: flower,
        finish: paint.finish('flower', 'accent', { name: 'petals', colour: '#f06a9b', metallic: 0, roughness: 0.7 }),
      },
      { name: 'pot', solid: pot, finish: paint.finish('pot', 'own', madeOf('clay')) },
      {
        name: 'soil',
        solid: kit.cylinder(0.255, 0.05).translate([0, 0, 0.28]),
        finish: paint.finish('soil', 'own', soil),
      },
    ];
  },
};
