import { gold } from '../../finishes.js';
import { around, type Point } from '../../kit.js';
import type { Shape } from '../../shape.js';

export const crown: Shape = {
  words: 'crown корона',
  build: ({ kit, paint }) => {
    const points = 5;
    const outline = Array.from({ length: 12 }, (_, i): Point => [0.44 + 0.005 * i, 0.06 * i]);
    const wall = kit
      .sleeve(outline, 0.045)
      .refineToLength(0.04)
      .warp((point) => {
        const share = ((Math.atan2(point[1], point[0]) * points) / (2 * Math.PI) + points) % 1;
        const height = 0.46 + 0.54 * Math.abs(2 * share - 1) ** 1.3;
        point[2] *= height;
      });
    const band = kit
      .torus(0.425, 0.035)
      .translate([0, 0, 0.04])
      .add(kit.torus(0.456, 0.024).translate([0, 0, 0.2]));
    const pearls = around(points, (angle) => kit.ball(0.05).translate([0.478, 0, 0.67]).rotate([0, 0, angle]));
    const gems = around(
      points * 2,
      (angle) => kit.egg(0.03, 0.045, 0.05).translate([0.445, 0, 0.12]).rotate([0, 0, angle]),
      90,
    );
    return [
      {
        name: 'crown',
        solid: kit.union(wall, band),
        finish: paint.finish('crown', 'main', gold),
      },
      {
        name: 'pearls',
        solid: kit.union(...pearls),
        finish: paint.finish('pearls', 'own', { name: 'pearl', colour: '#f6f1e7', metallic: 0, roughness: 0.15 }),
      },
      {
        name: 'gems',
        solid: kit.union(...gems),
        finish: paint.finish('gems', 'accent', { name: 'ruby', colour: '#c2183a', metallic: 0, roughness: 0.1 }),
      },
    ];
  },
};
