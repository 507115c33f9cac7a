import { glaze } from '../../finishes.js';
import { curve, swell, type Place, type Point } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';
import { handlePath } from './handle-path.js';

export const teapot: Shape = {
  words: 'teapot kettle чайник',
  build: ({ kit, paint, random }) => {
    const belly = vary(random, 0.46, 0.05);
    const body = kit.lathe([
      [0, 0.02],
      ...curve<Point>(
        [
          [0.24, 0],
          [0.3, 0.04],
          [belly, 0.34],
          [0.36, 0.62],
          [0.22, 0.72],
        ],
        10,
      ),
      [0, 0.72],
    ]);
    const spout = kit.tube(
      curve<Place>(
        [
          [0.34, 0, 0.22],
          [0.56, 0, 0.34],
          [0.64, 0, 0.56],
          [0.76, 0, 0.68],
        ],
        6,
      ),
      swell([0.11, 0.085, 0.062, 0.05], 6),
    );
    const handle = kit.tube(
      handlePath(0.38, 0.4, 0.32, 0.24).map(([x, y, z]): Place => [-x, y, z]),
      0.042,
    );
    const mouth = kit.cylinder(0.034, 0.2).rotate([0, 48, 0]).translate([0.69, 0, 0.61]);
    const lid = kit.lathe([
      [0, 0.7],
      ...curve<Point>(
        [
          [0.235, 0.7],
          [0.22, 0.735],
          [0.1, 0.8],
          [0.04, 0.83],
        ],
        6,
      ),
      [0, 0.83],
    ]);
    return [
      {
        name: 'teapot',
        solid: kit.union(body, spout.subtract(mouth), handle),
        finish: paint.finish('teapot', 'main', glaze('#e9efe6')),
      },
      {
        name: 'lid',
        solid: lid.add(kit.ball(0.065).translate([0, 0, 0.88])),
        finish: paint.finish('cap', 'accent', glaze('#4f8f7b')),
      },
    ];
  },
};
