import { enamel, steel } from '../../finishes.js';
import { curve, mirrored, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import type { Shape } from '../../shape.js';

export const shield: Shape = {
  words: 'shield щит',
  build: ({ kit, paint }) => {
    const half = curve<Point>(
      [
        [0, 0],
        [0.16, 0.1],
        [0.34, 0.34],
        [0.42, 0.66],
        [0.42, 0.98],
      ],
      6,
    );
    const outline = mirrored([...half, [0.2, 1], [0.02, 1.05]]);
    const board = kit.panel([outline], 0.1, 0.03);
    const inner = kit.panel([outline.map(([x, z]): Point => [x * 0.84, 0.09 + z * 0.84])], 0.14, 0.03);
    const cross = kit
      .box(0.1, 0.17, 0.84, 0.01)
      .translate([0, 0, 0.14])
      .add(kit.box(0.66, 0.17, 0.1, 0.01).translate([0, 0, 0.58]))
      .intersect(kit.panel([outline.map(([x, z]): Point => [x * 0.83, 0.1 + z * 0.83])], 0.3));
    return [
      { name: 'rim', solid: board, finish: paint.finish('rim', 'own', steel) },
      { name: 'field', solid: inner, finish: paint.finish('shield', 'main', enamel('#2b4f9e')) },
      { name: 'cross', solid: cross, finish: paint.finish('cross', 'accent', madeOf('gold')) },
    ];
  },
};
