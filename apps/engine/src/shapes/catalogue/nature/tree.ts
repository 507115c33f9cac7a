import { leaf, bark } from '../../finishes.js';
import { around, curve, swell, type Place } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';
import { bush } from './bush.js';

export const tree: Shape = {
  words: 'tree oak дерево деревья дуб',
  build: ({ kit, paint, random }) => {
    const lean = (random() - 0.5) * 0.16;
    const trunk = kit.tube(
      curve<Place>(
        [
          [0, 0, 0.02],
          [lean * 0.3, 0.02, 0.4],
          [lean, 0, 0.9],
          [lean, 0, 1.2],
        ],
        4,
      ),
      swell([0.15, 0.095, 0.075, 0.04], 4),
    );
    const roots = around(
      5,
      (angle) =>
        kit
          .tube(
            [
              [0.04, 0, 0.14],
              [0.2, 0, -0.02],
            ],
            [0.075, 0.035],
          )
          .rotate([0, 0, angle]),
      random() * 90,
    );
    const boughs = around(
      4,
      (angle) =>
        kit
          .tube(
            [
              [lean * 0.7, 0, 0.7],
              [lean * 0.7 + 0.32, 0, 1.02],
            ],
            [0.05, 0.025],
          )
          .rotate([0, 0, angle]),
      random() * 90,
    );
    const turn = random() * 360;
    const puffs = around(
      6,
      (angle) => {
        const out = vary(random, 0.36, 0.15);
        const place: Place = [
          lean + out * Math.cos((angle * Math.PI) / 180),
          out * Math.sin((angle * Math.PI) / 180),
          vary(random, 1.16, 0.1),
        ];
        return bush(kit, random, vary(random, 0.33, 0.12)).translate(place);
      },
      turn,
    );
    const top = bush(kit, random, 0.42).translate([lean, 0, vary(random, 1.5, 0.04)]);
    return [
      {
        name: 'trunk',
        solid: kit.union(trunk, ...roots, ...boughs).trimByPlane([0, 0, 1], 0),
        finish: paint.finish('trunk', 'own', bark),
      },
      {
        name: 'crown',
        solid: kit.union(top, ...puffs, bush(kit, random, 0.4).translate([lean, 0, 1.2])),
        finish: paint.finish('crown', 'main', leaf('#4c9a3d')),
      },
    ];
  },
};
