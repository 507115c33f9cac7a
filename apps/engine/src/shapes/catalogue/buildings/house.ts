import { plaster, pane, tiles, timber } from '../../finishes.js';
import type { Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const house: Shape = {
  words: 'house home cottage cabin hut дом изба хижина',
  build: ({ kit, paint, random }) => {
    const [width, depth, wall] = [vary(random, 1.2, 0.08), 0.9, 0.66];
    const gable: Point[] = [
      [-depth / 2, 0],
      [depth / 2, 0],
      [depth / 2, wall],
      [0, wall + 0.44],
      [-depth / 2, wall],
    ];
    const along = (outline: Point[], length: number, bevel = 0) =>
      kit
        .board([outline], length, bevel)
        .translate([0, 0, -length / 2])
        .rotate([90, 0, 90]);
    const out = 0.12;
    const roof: Point[] = [
      [-depth / 2 - out, wall - 0.12],
      [0, wall + 0.42],
      [depth / 2 + out, wall - 0.12],
      [depth / 2 + out + 0.03, wall - 0.03],
      [0, wall + 0.53],
      [-depth / 2 - out - 0.03, wall - 0.03],
    ];
    const front = -depth / 2;
    const panes = [-1, 1].map((side) => kit.box(0.2, 0.05, 0.22).translate([side * width * 0.31, front, 0.28]));
    const frames = [-1, 1].map((side) =>
      kit
        .box(0.26, 0.08, 0.28, 0.012)
        .subtract(
          kit.union(
            kit.box(0.085, 0.3, 0.095).translate([-0.052, 0, 0.033]),
            kit.box(0.085, 0.3, 0.095).translate([0.052, 0, 0.033]),
            kit.box(0.085, 0.3, 0.095).translate([-0.052, 0, 0.15]),
            kit.box(0.085, 0.3, 0.095).translate([0.052, 0, 0.15]),
          ),
        )
        .translate([side * width * 0.31, front, 0.25]),
    );
    const door = kit.box(0.24, 0.08, 0.42, 0.02).translate([0, front, 0.02]);
    const chimney = kit
      .box(0.15, 0.15, 0.5)
      .add(kit.box(0.19, 0.19, 0.06).translate([0, 0, 0.46]))
      .subtract(kit.box(0.09, 0.09, 1).translate([0, 0, 0.3]))
      .translate([width * 0.28, 0.16, wall + 0.12]);
    return [
      { name: 'walls', solid: along(gable, width), finish: paint.finish('walls', 'main', plaster) },
      { name: 'roof', solid: along(roof, width + 0.2, 0.015), finish: paint.finish('roof', 'accent', tiles) },
      { name: 'door', solid: door, finish: paint.finish('door', 'own', timber) },
      {
        name: 'knob',
        solid: kit.ball(0.018).translate([0.075, front - 0.045, 0.22]),
        finish: paint.finish('knob', 'own', madeOf('brass')),
      },
      { name: 'windows', solid: kit.union(...panes), finish: paint.finish('windows', 'own', pane) },
      {
        name: 'frames',
        solid: kit.union(...frames),
        finish: paint.finish('frames', 'own', { name: 'white paint', colour: '#f7f5ee', metallic: 0, roughness: 0.6 }),
      },
      { name: 'chimney', solid: chimney, finish: paint.finish('chimney', 'own', madeOf('brick', '#8f4a3a')) },
      {
        name: 'step',
        solid: kit.box(0.36, 0.16, 0.05, 0.01).translate([0, front - 0.06, 0]),
        finish: paint.finish('step', 'own', madeOf('stone')),
      },
    ];
  },
};
