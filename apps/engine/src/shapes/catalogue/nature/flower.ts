import type { Solid } from '../../kernel.js';
import { leaf } from '../../finishes.js';
import { around, curve, type Place } from '../../kit.js';
import type { Shape } from '../../shape.js';

/** Turns the blossom to the viewer and lifts it onto its stem. */
const tilt = (solid: Solid): Solid => solid.rotate([38, 0, 0]).translate([0, 0, 0.82]);

export const flower: Shape = {
  words: 'flower daisy chamomile цветок ромашка',
  build: ({ kit, paint, random }) => {
    const count = 7 + Math.floor(random() * 3);
    const petals = around(count, (angle) =>
      kit.egg(0.12, 0.2, 0.04).translate([0, 0.24, 0]).rotate([-14, 0, 0]).rotate([0, 0, angle]),
    );
    const stem = kit.tube(
      curve<Place>(
        [
          [0.04, 0, 0],
          [0, 0.03, 0.3],
          [-0.02, 0.03, 0.6],
          [0, 0, 0.82],
        ],
        5,
      ),
      0.028,
    );
    const leaves = [-1, 1].map((side) =>
      kit
        .egg(0.19, 0.07, 0.025)
        .translate([0.17, 0, 0])
        .rotate([0, -32, side > 0 ? 10 : 190])
        .translate([0.01, 0.03, 0.2 + 0.1 * (side > 0 ? 1 : 0)]),
    );
    return [
      {
        name: 'petals',
        solid: tilt(kit.union(...petals)),
        finish: paint.finish('petals', 'main', { name: 'petals', colour: '#f2f0ff', metallic: 0, roughness: 0.7 }),
      },
      {
        name: 'heart',
        solid: tilt(kit.egg(0.135, 0.135, 0.085)),
        finish: paint.finish('heart', 'accent', { name: 'pollen', colour: '#f5b81f', metallic: 0, roughness: 0.9 }),
      },
      { name: 'stem', solid: kit.union(stem, ...leaves), finish: paint.finish('crown', 'own', leaf('#4d9444')) },
    ];
  },
};
