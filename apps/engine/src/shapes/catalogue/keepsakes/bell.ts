import { gold } from '../../finishes.js';
import { curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const bell: Shape = {
  words: 'bell колокол колокольчик',
  build: ({ kit, paint }) => {
    const outer = curve<Point>(
      [
        [0.44, 0.1],
        [0.42, 0.16],
        [0.3, 0.36],
        [0.25, 0.62],
        [0.14, 0.76],
      ],
      8,
    );
    const body = kit.lathe([
      ...outer,
      [0, 0.78],
      [0, 0.7],
      ...outer.map(([r, z]): Point => [Math.max(0.01, r - 0.04), Math.min(0.7, z)]).toReversed(),
    ]);
    const loop = kit.torus(0.08, 0.03).rotate([90, 0, 0]).translate([0, 0, 0.84]);
    const clapper = kit
      .tube(
        [
          [0, 0, 0.72],
          [0, 0, 0.14],
        ],
        0.02,
      )
      .add(kit.ball(0.09).translate([0, 0, 0.1]));
    return [
      {
        name: 'bell',
        solid: kit.union(body, loop, kit.torus(0.43, 0.025).translate([0, 0, 0.115])),
        finish: paint.finish('bell', 'main', gold),
      },
      { name: 'clapper', solid: clapper, finish: paint.finish('clapper', 'own', madeOf('bronze')) },
      {
        name: 'bow',
        solid: kit
          .union(
            ...[-1, 1].map((side) =>
              kit.hull(kit.ball(0.03), kit.egg(0.06, 0.04, 0.1).translate([side * 0.22, 0, 0.05])),
            ),
            kit.ball(0.06),
          )
          .translate([0, -0.12, 0.78]),
        finish: paint.finish('bow', 'accent', { name: 'ribbon', colour: '#c92a3c', metallic: 0, roughness: 0.6 }),
      },
    ];
  },
};
