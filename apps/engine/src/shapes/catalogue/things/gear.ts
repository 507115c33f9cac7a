import { steel } from '../../finishes.js';
import { arc, around, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const gear: Shape = {
  words: 'gear cog cogwheel шестерня шестеренка',
  build: ({ kit, paint, random }) => {
    const teeth = 10 + 2 * Math.floor(random() * 4);
    const rim = around(teeth, (angle) =>
      [
        [-0.3, 0.82],
        [-0.17, 1],
        [0.17, 1],
        [0.3, 0.82],
      ].map(([shift, radius]): Point => {
        const turn = ((angle + (shift! * 360) / teeth) * Math.PI) / 180;
        return [radius! * Math.cos(turn), radius! * Math.sin(turn)];
      }),
    ).flat();
    const windows = around(
      5,
      (angle) =>
        arc(0.155, 360, 24, 28, [0.52 * Math.cos((angle * Math.PI) / 180), 0.52 * Math.sin((angle * Math.PI) / 180)]),
      90,
    );
    const hub = kit.panel([arc(0.3, 0, 348, 29), arc(0.17, 360, 12, 29)], 0.4, 0.03);
    const wheel = kit.panel([rim, ...windows, arc(0.17, 360, 12, 29)], 0.24, 0.03);
    return [{ name: 'gear', solid: wheel.add(hub), finish: paint.finish('gear', 'main', steel) }];
  },
};
