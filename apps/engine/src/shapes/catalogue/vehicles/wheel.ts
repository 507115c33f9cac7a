import type { Solid } from '../../kernel.js';
import { arc, type Kit, type Place, type Point } from '../../kit.js';

/** A wheel whose axle runs along X: the tyre, and the hub that shows on both sides. */
export function wheel(kit: Kit, radius: number, width: number, place: Place): { tyre: Solid; hub: Solid } {
  const upright = (solid: Solid) => solid.rotate([0, 90, 0]).translate(place);
  const half = width / 2;
  const profile: Point[] = [
    [radius * 0.5, -half],
    ...arc(half * 0.5, -90, 0, 4, [radius - half * 0.5, -half * 0.5]),
    ...arc(half * 0.5, 0, 90, 4, [radius - half * 0.5, half * 0.5]),
    [radius * 0.5, half],
  ];
  return {
    tyre: upright(kit.lathe(profile)),
    hub: upright(
      kit.lathe([
        [0, -half * 0.9],
        [radius * 0.36, -half * 0.95],
        [radius * 0.53, -half * 0.7],
        [radius * 0.53, half * 0.7],
        [radius * 0.36, half * 0.95],
        [0, half * 0.9],
      ]),
    ),
  };
}
