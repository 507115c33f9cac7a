import { lacquer, pane, tyre, steel } from '../../finishes.js';
import type { Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';
import { wheel } from './wheel.js';

export const car: Shape = {
  words: 'car automobile машина автомобиль',
  build: ({ kit, paint, random }) => {
    const length = vary(random, 1.5, 0.05);
    const side: Point[] = [
      [-length / 2, 0.16],
      [length / 2, 0.16],
      [length / 2, 0.34],
      [length / 2 - 0.05, 0.42],
      [0.34, 0.5],
      [-0.62, 0.5],
      [-length / 2, 0.42],
    ];
    const slab = (outline: Point[], width: number, bevel: number) =>
      kit
        .board([outline], width, bevel)
        .translate([0, 0, -width / 2])
        .rotate([90, 0, 0])
        .rotate([0, 0, -90]);
    const roofline: Point[] = [
      [0.36, 0.44],
      [0.14, 0.74],
      [-0.4, 0.76],
      [-0.62, 0.44],
    ];
    const cabin = slab(roofline, 0.6, 0.05);
    const arches = [
      [-0.46, 0],
      [0.46, 0],
    ].map(([y]) => kit.cylinder(0.2, 1).rotate([0, 90, 0]).translate([-0.5, -y!, 0.17]));
    const glass = kit
      .union(
        slab(
          roofline.map(([x, z]): Point => [-0.12 + (x + 0.12) * 0.8, 0.52 + (z - 0.46) * 0.66]),
          0.625,
          0.015,
        ),
        slab(
          roofline.map(([x, z]): Point => [x * 1.012 + 0.004, 0.51 + (z - 0.46) * 0.68]),
          0.46,
          0.015,
        ),
      )
      .subtract(
        kit
          .box(1, 0.05, 1)
          .translate([0, 0.12, 0.3])
          .subtract(kit.box(0.58, 1, 2)),
      );
    const wheels = [-1, 1].flatMap((x) => [-0.46, 0.46].map((y) => wheel(kit, 0.165, 0.14, [x * 0.3, y, 0.165])));
    const front = -length / 2;
    const lights = [-1, 1].map((x) => kit.egg(0.075, 0.04, 0.06).translate([x * 0.22, front + 0.01, 0.34]));
    const bumpers = kit.union(
      kit.box(0.66, 0.09, 0.09, 0.04).translate([0, front, 0.15]),
      kit.box(0.66, 0.09, 0.09, 0.04).translate([0, -front, 0.15]),
    );
    const tails = [-1, 1].map((x) => kit.box(0.12, 0.05, 0.08, 0.02).translate([x * 0.23, -front, 0.32]));
    return [
      {
        name: 'body',
        solid: slab(side, 0.7, 0.07)
          .add(cabin)
          .subtract(kit.union(...arches)),
        finish: paint.finish('car', 'main', lacquer('#d13a34')),
      },
      { name: 'windows', solid: glass, finish: paint.finish('windows', 'own', pane) },
      {
        name: 'tyres',
        solid: kit.union(...wheels.map((one) => one.tyre)),
        finish: paint.finish('wheels', 'own', tyre),
      },
      {
        name: 'hubs',
        solid: kit.union(...wheels.map((one) => one.hub)),
        finish: paint.finish('hubs', 'accent', steel),
      },
      {
        name: 'lights',
        solid: kit.union(...lights),
        finish: { name: 'lamp', colour: '#fff3c4', metallic: 0, roughness: 0.2 },
      },
      {
        name: 'tail lights',
        solid: kit.union(...tails),
        finish: { name: 'tail lamp', colour: '#9c1420', metallic: 0, roughness: 0.2 },
      },
      { name: 'bumpers', solid: bumpers, finish: paint.finish('bumpers', 'own', madeOf('chrome')) },
    ];
  },
};
