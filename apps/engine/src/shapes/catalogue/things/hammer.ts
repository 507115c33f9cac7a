import { steel } from '../../finishes.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const hammer: Shape = {
  words: 'hammer mallet молоток молот',
  build: ({ kit, paint }) => {
    const head = kit.union(
      kit.cylinder(0.1, 0.16).rotate([0, 90, 0]).translate([0.13, 0, 0.9]),
      kit.cylinder(0.08, 0.2, 0.08).rotate([0, 90, 0]).translate([-0.05, 0, 0.9]),
      kit.hull(
        kit.box(0.02, 0.16, 0.16).translate([-0.02, 0, 0.82]),
        kit.box(0.02, 0.18, 0.03).translate([-0.28, 0, 0.87]),
      ),
    );
    const handle = kit
      .tube(
        [
          [0, 0, 0.04],
          [0, 0, 0.3],
          [0, 0, 0.95],
        ],
        [0.055, 0.045, 0.036],
      )
      .scale([1, 0.8, 1]);
    return [
      { name: 'head', solid: head, finish: paint.finish('hammer', 'main', steel) },
      { name: 'handle', solid: handle, finish: paint.finish('handle', 'accent', madeOf('wood')) },
    ];
  },
};
