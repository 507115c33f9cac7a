import { light } from '../../finishes.js';
import { curve, type Place } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';

export const robot: Shape = {
  words: 'robot droid робот',
  build: ({ kit, paint, random }) => {
    const tin = { name: 'tin', colour: '#7fb2c9', metallic: 0.2, roughness: 0.4 };
    const dark = { name: 'dark tin', colour: '#3c4450', metallic: 0.3, roughness: 0.5 };
    const head = vary(random, 0.44, 0.08);
    const body = kit.union(
      kit.box(0.56, 0.38, 0.52, 0.07).translate([0, 0, 0.34]),
      kit.box(head, 0.36, 0.34, 0.08).translate([0, 0, 0.94]),
    );
    const limbs = kit.union(
      kit.cylinder(0.09, 0.14).translate([0, 0, 0.83]),
      ...[-1, 1].flatMap((side) => [
        kit.tube(
          [
            [side * 0.15, 0, 0.14],
            [side * 0.15, 0, 0.4],
          ],
          0.07,
        ),
        kit.tube(
          curve<Place>(
            [
              [side * 0.26, 0, 0.72],
              [side * 0.42, 0, 0.68],
              [side * 0.44, -0.06, 0.44],
            ],
            5,
          ),
          0.055,
        ),
      ]),
    );
    const ends = kit.union(
      ...[-1, 1].flatMap((side) => [
        kit.box(0.2, 0.3, 0.13, 0.05).translate([side * 0.15, -0.03, 0]),
        kit.ball(0.085).translate([side * 0.44, -0.08, 0.4]),
        kit
          .cylinder(0.06, 0.06)
          .rotate([0, 90, 0])
          .translate([side * head * 0.5 - 0.03, 0, 1.1]),
      ]),
    );
    const antenna = kit.tube(
      [
        [0, 0, 1.26],
        [0, 0, 1.4],
      ],
      0.016,
    );
    const eyes = [-1, 1].map((side) =>
      kit
        .cylinder(0.065, 0.05)
        .rotate([90, 0, 0])
        .translate([side * 0.105, -0.16, 1.13]),
    );
    const mouth = [-2, -1, 0, 1, 2].map((i) => kit.box(0.026, 0.04, 0.05).translate([i * 0.045, -0.18, 0.995]));
    const buttons = [0, 1, 2].map((i) => kit.ball(0.036).translate([-0.12 + i * 0.12, -0.19, 0.46]));
    return [
      { name: 'body', solid: body, finish: paint.finish('robot', 'main', tin) },
      { name: 'limbs', solid: kit.union(limbs, antenna, ...mouth), finish: paint.finish('limbs', 'own', dark) },
      {
        name: 'hands and feet',
        solid: ends,
        finish: paint.finish('limbs', 'accent', { ...tin, name: 'orange tin', colour: '#ef8a3a' }),
      },
      {
        name: 'eyes',
        solid: kit.union(...eyes),
        finish: { ...paint.finish('eyes', 'own', light('#ffe36e')), glows: true },
      },
      {
        name: 'panel',
        solid: kit.box(0.38, 0.06, 0.26, 0.025).translate([0, -0.185, 0.52]),
        finish: paint.finish('panel', 'own', dark),
      },
      {
        name: 'dial',
        solid: kit.cylinder(0.075, 0.06).rotate([90, 0, 0]).translate([0, -0.19, 0.66]),
        finish: paint.finish('dial', 'own', { name: 'dial', colour: '#f3efe2', metallic: 0, roughness: 0.4 }),
      },
      {
        name: 'buttons',
        solid: kit.union(...buttons, kit.ball(0.05).translate([0, 0, 1.42])),
        finish: paint.finish('buttons', 'own', { name: 'red light', colour: '#e0453a', metallic: 0, roughness: 0.3 }),
      },
    ];
  },
};
