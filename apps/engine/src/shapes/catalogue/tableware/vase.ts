import { glaze } from '../../finishes.js';
import { curve, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const vase: Shape = {
  words: 'vase urn amphora ваза',
  build: ({ kit, paint, random }) => {
    const [belly, neck] = [vary(random, 0.42, 0.12), vary(random, 0.17, 0.12)];
    const outer = curve<Point>(
      [
        [0.24, 0],
        [0.3, 0.06],
        [belly, 0.5],
        [belly * 0.82, 0.85],
        [neck, 1.12],
        [neck + 0.02, 1.24],
        [neck + 0.1, 1.36],
      ],
      10,
    );
    const band = kit.torus(belly * 1.0, 0.022).translate([0, 0, 0.5]);
    return [
      { name: 'vase', solid: kit.vessel(outer, 0.045, 0.07), finish: paint.finish('vase', 'main', glaze('#2f8f96')) },
      { name: 'band', solid: band.scale([1.005, 1.005, 1]), finish: paint.finish('band', 'accent', madeOf('gold')) },
    ];
  },
};
