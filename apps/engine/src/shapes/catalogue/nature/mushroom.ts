import { around, curve, type Point } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';

export const mushroom: Shape = {
  words: 'mushroom toadstool гриб мухомор',
  build: ({ kit, paint, random }) => {
    const height = vary(random, 0.5, 0.1);
    const stem = kit.lathe([
      [0, 0],
      ...curve<Point>(
        [
          [0.17, 0],
          [0.19, 0.06],
          [0.13, 0.3],
          [0.12, height + 0.12],
        ],
        8,
      ),
      [0, height + 0.12],
    ]);
    const skirt = kit.lathe([
      [0.1, height - 0.06],
      [0.21, height - 0.16],
      [0.23, height - 0.15],
      [0.12, height - 0.02],
    ]);
    const dome = curve<Point>(
      [
        [0.46, height + 0.02],
        [0.5, height + 0.08],
        [0.36, height + 0.34],
        [0, height + 0.44],
      ],
      10,
    );
    const cap = kit.lathe([[0, height + 0.08], [0.3, height + 0.05], ...dome]);
    const spots = [
      [0, 0.02, 0.1],
      ...around(5, (angle, i) => [angle, 0.62 + 0.1 * (i % 2), 0.075]),
      ...around(4, (angle) => [angle, 1.12, 0.055], 30),
    ].map(([angle, tilt, size]) =>
      kit
        .egg(size!, size!, 0.035)
        .translate([0, 0, 0.46])
        .rotate([0, (tilt! * 180) / Math.PI, angle! + random() * 20])
        .scale([1.04, 1.04, 0.87])
        .translate([0, 0, height + 0.035]),
    );
    return [
      {
        name: 'stem',
        solid: stem.add(skirt),
        finish: paint.finish('trunk', 'own', { name: 'flesh', colour: '#f1e7d2', metallic: 0, roughness: 0.8 }),
      },
      {
        name: 'cap',
        solid: cap,
        finish: paint.finish('cap', 'main', { name: 'cap', colour: '#cf2e2e', metallic: 0, roughness: 0.35 }),
      },
      {
        name: 'spots',
        solid: kit.union(...spots),
        finish: paint.finish('spots', 'accent', { name: 'spots', colour: '#fbf6ea', metallic: 0, roughness: 0.8 }),
      },
    ];
  },
};
