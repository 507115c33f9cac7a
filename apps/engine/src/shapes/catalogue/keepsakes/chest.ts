import { darkOak, iron, gold } from '../../finishes.js';
import { arc, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const chest: Shape = {
  words: 'chest сундук',
  build: ({ kit, paint }) => {
    const [width, depth] = [0.9, 0.56];
    const box = kit
      .box(width, depth, 0.36, 0.02)
      .subtract(kit.box(width - 0.1, depth - 0.1, 0.4).translate([0, 0, 0.08]));
    const half: Point[] = arc(depth / 2, 0, 180, 18);
    const lid = kit
      .board([half], width, 0.02)
      .translate([0, 0, -width / 2])
      .rotate([90, 0, 90]);
    const bands = [-0.36, 0, 0.36].map((x) =>
      kit.union(
        kit
          .board([arc(depth / 2 + 0.02, 0, 180, 18)], 0.09, 0.01)
          .translate([0, 0, -0.045])
          .rotate([90, 0, 90])
          .translate([x, 0, 0])
          .subtract(kit.box(2, depth - 0.06, 0.2).translate([0, 0, -0.1]))
          .rotate([-34, 0, 0]),
      ),
    );
    const straps = [-0.36, 0.36].map((x) =>
      kit
        .box(0.09, depth + 0.04, 0.37, 0.015)
        .subtract(kit.box(1, depth - 0.04, 1).translate([0, 0, 0.05]))
        .translate([x, 0, -0.005]),
    );
    const opened = (solid: ReturnType<typeof kit.box>) =>
      solid
        .translate([0, -depth / 2, 0])
        .rotate([-34, 0, 0])
        .translate([0, depth / 2, 0.365]);
    const coins = Array.from({ length: 26 }, (_, i) => {
      const [angle, out] = [i * 2.4, Math.sqrt(i / 26)];
      return kit
        .cylinder(0.075, 0.024)
        .rotate([20 * Math.sin(i * 3), 20 * Math.cos(i * 5), 0])
        .translate([0.33 * out * Math.cos(angle), 0.17 * out * Math.sin(angle) - 0.01, 0.36 + 0.05 * (1 - out * out)]);
    });
    return [
      { name: 'box', solid: box, finish: paint.finish('chest', 'main', darkOak) },
      {
        name: 'lid',
        solid: opened(
          lid.subtract(
            kit
              .board([arc(depth / 2 - 0.05, 0, 180, 18).map(([x, y]): Point => [x, y - 0.02])], width - 0.1)
              .translate([0, 0, 0.05 - width / 2])
              .rotate([90, 0, 90]),
          ),
        ),
        finish: paint.finish('chest', 'main', darkOak),
      },
      {
        name: 'straps',
        solid: kit.union(
          ...straps,
          ...bands.map((band) => opened(band.rotate([34, 0, 0]))),
          kit.box(0.14, 0.08, 0.16, 0.02).translate([0, -depth / 2, 0.2]),
        ),
        finish: paint.finish('straps', 'accent', iron),
      },
      {
        name: 'treasure',
        solid: kit.union(kit.box(width - 0.08, depth - 0.08, 0.26).translate([0, 0, 0.09]), ...coins),
        finish: paint.finish('treasure', 'own', gold),
      },
    ];
  },
};
