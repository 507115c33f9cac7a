import { bark } from '../../finishes.js';
import { arc, type Place } from '../../kit.js';
import { vary, type Shape } from '../../shape.js';

export const snowman: Shape = {
  words: 'snowman снеговик',
  build: ({ kit, paint, random }) => {
    const snow = { name: 'snow', colour: '#f3f7fb', metallic: 0, roughness: 0.85 };
    const body = kit
      .union(
        kit.ball(0.38).translate([0, 0, 0.34]),
        kit.ball(0.28).translate([0, 0, 0.84]),
        kit.ball(0.205).translate([0, 0, 1.22]),
      )
      .trimByPlane([0, 0, 1], 0.02);
    const coal = kit.ball(0.03);
    const dots: Place[] = [
      [-0.075, -0.182, 1.28],
      [0.075, -0.182, 1.28],
      [0, -0.27, 0.92],
      [0, -0.282, 0.8],
      [0, -0.25, 0.69],
      ...[-2, -1, 0, 1, 2].map((i): Place => [i * 0.042, -0.196 + 0.012 * Math.abs(i), 1.13 + 0.008 * i * i]),
    ];
    const face = dots.map((place, i) => coal.scale(i > 4 ? 0.5 : 1).translate(place));
    const nose = kit.cylinder(0.04, 0.24, 0.006).rotate([94, 0, 0]).translate([0, -0.18, 1.22]);
    const hat = kit
      .union(kit.lathe([[0, 0], ...arc(0.018, -90, 90, 6, [0.25, 0.018]), [0.165, 0.04], [0.175, 0.28], [0, 0.285]]))
      .rotate([-7, 6, 0])
      .translate([0, 0.02, 1.37]);
    const scarf = kit.union(
      kit.torus(0.2, 0.06).scale([1, 1, 0.9]).translate([0, 0, 1.04]),
      kit.box(0.12, 0.06, 0.32, 0.028).rotate([14, 12, 0]).translate([0.12, -0.22, 0.74]),
    );
    const arm = (side: number) =>
      kit.union(
        kit.tube(
          [
            [side * 0.2, 0, 0.88],
            [side * 0.46, -0.02, vary(random, 1.06, 0.04)],
            [side * 0.6, -0.04, 1.16],
          ],
          0.022,
        ),
        kit.tube(
          [
            [side * 0.46, -0.02, 1.05],
            [side * 0.58, -0.02, 1.0],
          ],
          0.016,
        ),
      );
    return [
      { name: 'body', solid: body, finish: paint.finish('snowman', 'main', snow) },
      {
        name: 'coal',
        solid: kit.union(...face),
        finish: paint.finish('eyes', 'own', { name: 'coal', colour: '#26262a', metallic: 0, roughness: 0.8 }),
      },
      {
        name: 'nose',
        solid: nose,
        finish: paint.finish('nose', 'own', { name: 'carrot', colour: '#ef7d22', metallic: 0, roughness: 0.7 }),
      },
      {
        name: 'hat',
        solid: hat,
        finish: paint.finish('cap', 'own', { name: 'felt', colour: '#33363f', metallic: 0, roughness: 0.9 }),
      },
      {
        name: 'scarf',
        solid: scarf,
        finish: paint.finish('scarf', 'accent', { name: 'wool', colour: '#cf3140', metallic: 0, roughness: 0.95 }),
      },
      { name: 'arms', solid: kit.union(arm(-1), arm(1)), finish: paint.finish('arms', 'own', bark) },
    ];
  },
};
