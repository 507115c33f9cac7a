import { lacquer, pane, tyre, steel } from '../../finishes.js';
import { around, curve, swell, type Place } from '../../kit.js';
import type { Shape } from '../../shape.js';
import { wheel } from './wheel.js';

export const airplane: Shape = {
  words: 'airplane plane aeroplane aircraft самолет',
  build: ({ kit, paint }) => {
    const body = kit.tube(
      curve<Place>(
        [
          [0, -0.66, 0.4],
          [0, -0.45, 0.41],
          [0, 0, 0.43],
          [0, 0.5, 0.5],
          [0, 0.74, 0.55],
        ],
        6,
      ),
      swell([0.1, 0.17, 0.18, 0.09, 0.04], 6),
    );
    const wing = (span: number, chord: number, y: number, z: number) =>
      kit.hull(
        ...[-1, 1].map((side) => kit.egg(0.05, chord * 0.3, 0.025).translate([side * span, y + 0.06, z + 0.06])),
        kit.egg(0.1, chord / 2, 0.04).translate([0, y, z]),
      );
    const fin = kit.hull(
      kit.egg(0.025, 0.12, 0.03).translate([0, 0.62, 0.52]),
      kit.egg(0.02, 0.07, 0.03).translate([0, 0.72, 0.8]),
    );
    const blades = around(3, (angle) => kit.egg(0.035, 0.015, 0.16).translate([0, 0, 0.16]).rotate([0, angle, 0])).map(
      (blade) => blade.translate([0, -0.79, 0.4]),
    );
    const gear = [-1, 1].map((side) => wheel(kit, 0.08, 0.06, [side * 0.2, -0.26, 0.09]));
    const struts = [-1, 1].map((side) =>
      kit.tube(
        [
          [side * 0.2, -0.26, 0.09],
          [side * 0.1, -0.22, 0.34],
        ],
        0.018,
      ),
    );
    return [
      { name: 'body', solid: body, finish: paint.finish('airplane', 'main', lacquer('#e2443c')) },
      {
        name: 'wings',
        solid: kit.union(wing(0.86, 0.36, -0.16, 0.36), wing(0.36, 0.22, 0.62, 0.53), fin),
        finish: paint.finish('fins', 'accent', lacquer('#f4efe2')),
      },
      {
        name: 'cockpit',
        solid: kit.egg(0.12, 0.2, 0.13).translate([0, -0.12, 0.56]),
        finish: paint.finish('windows', 'own', pane),
      },
      {
        name: 'propeller',
        solid: kit.union(
          ...blades,
          kit.tube(
            [
              [0, -0.7, 0.4],
              [0, -0.8, 0.4],
            ],
            [0.06, 0.035],
          ),
        ),
        finish: paint.finish('propeller', 'own', steel),
      },
      { name: 'tyres', solid: kit.union(...gear.map((one) => one.tyre)), finish: paint.finish('wheels', 'own', tyre) },
      {
        name: 'struts',
        solid: kit.union(...gear.map((one) => one.hub), ...struts),
        finish: paint.finish('struts', 'own', steel),
      },
    ];
  },
};
