import { arc, around, curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const candle: Shape = {
  words: 'candle свеча свечка',
  build: ({ kit, paint, random }) => {
    const wax = kit.lathe([[0, 0.09], [0.16, 0.09], ...arc(0.04, 0, 60, 5, [0.12, 0.68]), [0.08, 0.69], [0, 0.67]]);
    const drips = around(6, (angle) => {
      const end = 0.3 + random() * 0.28;
      return kit
        .tube(
          [
            [0.148, 0, 0.69],
            [0.162, 0, end + 0.08],
            [0.165, 0, end],
          ],
          [0.022, 0.024, 0.032],
        )
        .rotate([0, 0, angle + random() * 25]);
    });
    const dish = kit.vessel(
      curve<Point>(
        [
          [0.2, 0],
          [0.28, 0.02],
          [0.34, 0.09],
        ],
        6,
      ),
      0.025,
      0.03,
    );
    const handle = kit.torus(0.09, 0.022).rotate([90, 0, 0]).translate([0.4, 0, 0.09]);
    const flame = kit.lathe([
      [0, 0.74],
      ...curve<Point>(
        [
          [0.012, 0.745],
          [0.06, 0.82],
          [0.03, 0.93],
        ],
        6,
      ),
      [0, 1.01],
    ]);
    return [
      {
        name: 'wax',
        solid: kit.union(wax, ...drips),
        finish: paint.finish('candle', 'main', { name: 'wax', colour: '#f4e8cf', metallic: 0, roughness: 0.5 }),
      },
      { name: 'dish', solid: dish.add(handle), finish: paint.finish('dish', 'accent', madeOf('brass')) },
      {
        name: 'wick',
        solid: kit.cylinder(0.012, 0.14).translate([0, 0, 0.64]),
        finish: { name: 'wick', colour: '#33302c', metallic: 0, roughness: 1 },
      },
      {
        name: 'flame',
        solid: flame,
        finish: {
          ...paint.finish('flame', 'own', { name: 'flame', colour: '#ffb03a', metallic: 0, roughness: 0.6 }),
          glows: true,
        },
      },
    ];
  },
};
