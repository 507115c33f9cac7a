import type { Solid } from '../../kernel.js';
import { timber } from '../../finishes.js';
import { around, type Kit, type Point } from '../../kit.js';
import { madeOf } from '../../paint.js';
import { vary, type Shape } from '../../shape.js';

export const castle: Shape = {
  words: 'castle fortress замок крепость',
  build: ({ kit, paint, random }) => {
    const tower = (x: number, y: number, radius: number, height: number) =>
      kit
        .union(
          kit.cylinder(radius * 1.06, height, radius),
          kit.cylinder(radius, 0.1, radius * 1.22).translate([0, 0, height - 0.1]),
          battlements(kit, radius * 1.22, height - 0.005, 7),
        )
        .translate([x, y, 0]);
    const corners: Point[] = [
      [-0.5, -0.4],
      [0.5, -0.4],
      [0.5, 0.4],
      [-0.5, 0.4],
    ];
    const heights = corners.map(() => vary(random, 0.66, 0.08));
    const curtain = kit.box(1, 0.8, 0.46).subtract(kit.box(0.8, 0.6, 1).translate([0, 0, 0.2]));
    const teeth = [-0.3, -0.1, 0.1, 0.3]
      .flatMap((x) => [-0.36, 0.36].map((y) => kit.box(0.1, 0.08, 0.08).translate([x, y, 0.45])))
      .concat(
        [-0.2, 0, 0.2].flatMap((y) => [-0.46, 0.46].map((x) => kit.box(0.08, 0.1, 0.08).translate([x, y, 0.45]))),
      );
    const keep = tower(0, 0.06, 0.22, 0.86);
    const gate = kit
      .box(0.22, 0.3, 0.2)
      .add(kit.cylinder(0.11, 0.3).rotate([90, 0, 0]).translate([0, 0.15, 0.2]))
      .translate([0, -0.4, 0]);
    const cones = corners
      .map(([x, y], i) => kit.cylinder(0.17, 0.34, 0.004).translate([x, y, heights[i]! + 0.035]))
      .concat(kit.cylinder(0.26, 0.44, 0.004).translate([0, 0.06, 0.9]));
    const poles = kit.tube(
      [
        [0, 0.06, 1.25],
        [0, 0.06, 1.52],
      ],
      0.012,
    );
    const windows = corners
      .slice(0, 2)
      .map(([x], i) => kit.box(0.05, 0.06, 0.12, 0.02).translate([x, -0.535, heights[i]! * 0.55]))
      .concat(kit.box(0.06, 0.06, 0.14, 0.02).translate([0, -0.158, 0.64]));
    return [
      {
        name: 'walls',
        solid: kit
          .union(curtain, ...teeth, keep, ...corners.map(([x, y], i) => tower(x, y, 0.14, heights[i]!)))
          .subtract(gate),
        finish: paint.finish('walls', 'main', madeOf('stone', '#b9b2a4')),
      },
      {
        name: 'gate',
        solid: gate.scale([1.02, 1, 1.02]).intersect(kit.box(1, 0.04, 1).translate([0, -0.36, 0.001])),
        finish: paint.finish('door', 'own', timber),
      },
      { name: 'roofs', solid: kit.union(...cones), finish: paint.finish('roof', 'accent', madeOf('brick', '#3f6aa8')) },
      {
        name: 'windows',
        solid: kit.union(...windows),
        finish: paint.finish('windows', 'own', { name: 'dark', colour: '#3a3833', metallic: 0, roughness: 0.8 }),
      },
      {
        name: 'flag',
        solid: kit
          .panel(
            [
              [
                [0.004, 0],
                [0.2, 0.05],
                [0.004, 0.11],
              ],
            ],
            0.02,
          )
          .translate([0, 0.06, 1.4]),
        finish: paint.finish('flag', 'own', { name: 'flag', colour: '#d5352f', metallic: 0, roughness: 0.9 }),
      },
      { name: 'pole', solid: poles, finish: paint.finish('pole', 'own', timber) },
    ];
  },
};

/** Teeth along the top of a round wall. */
function battlements(kit: Kit, radius: number, z: number, count: number): Solid {
  const ring = kit.cylinder(radius, 0.1).subtract(kit.cylinder(radius - 0.07, 0.3).translate([0, 0, -0.1]));
  const gaps = around(count, (angle) =>
    kit
      .box(radius * 3, (radius * Math.PI) / count, 0.2)
      .translate([0, 0, 0.04])
      .rotate([0, 0, angle / 2]),
  );
  return ring.subtract(kit.union(...gaps)).translate([0, 0, z]);
}
