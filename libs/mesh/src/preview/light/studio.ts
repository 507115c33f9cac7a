import type { Vec3 } from '../../scene/scene.js';
import type { Camera } from '../camera.js';
import { combine, cross, smoothstep, unit } from '../vector.js';

/** A distant lamp. */
export interface Lamp {
  /** Unit vector towards it */
  direction: Vec3;
  /** Linear colour times strength; 1 lights a white wall that faces it to 1. */
  light: Vec3;
  /** Widening of highlights, as if the lamp were a soft box of this size. */
  size: number;
}

/**
 * A photographer's studio around the model; it turns with the camera, so every side of a model is lit alike, but does not
 * tip with it.
 */
export interface Studio {
  /** The strong lamp from the upper left, the one that casts shadows. */
  key: Lamp;
  /** Weak lamp from the right, and a lamp from behind that draws the rim. */
  others: Lamp[];
  right: Vec3;
  toward: Vec3;
}

const lamp = (light: Vec3, size: number, ...direction: [number, Vec3][]): Lamp => ({
  direction: unit(combine(...direction)),
  light,
  size,
});

export function studioFor({ right }: Camera): Studio {
  const up: Vec3 = [0, 1, 0];
  const toward = cross(right, up);
  return {
    key: lamp([0.86, 0.83, 0.78], 0.16, [-0.62, right], [0.78, up], [0.62, toward]),
    others: [
      lamp([0.24, 0.26, 0.3], 0.3, [0.95, right], [0.15, up], [0.45, toward]),
      lamp([0.6, 0.62, 0.67], 0.2, [0.45, right], [0.6, up], [-0.8, toward]),
    ],
    right,
    toward,
  };
}

/** Ambient light on a wall that faces `up` (−1 down, 1 up): warm from the floor, cool from above. */
export function ambient(up: number, out: Float64Array): void {
  const t = 0.5 + 0.5 * up;
  out[0] = 0.17 + 0.17 * t;
  out[1] = 0.165 + 0.185 * t;
  out[2] = 0.16 + 0.22 * t;
}

/**
 * What a mirror sees in a direction: a dark floor, a bright ceiling, two soft boxes. The rougher the mirror, the softer
 * the picture.
 */
export function reflected(studio: Studio, x: number, y: number, z: number, roughness: number): number {
  const blur = 0.12 + roughness * 1.1;
  const floorToCeiling = 0.13 + 0.52 * smoothstep(-blur, blur, y) + 0.22 * smoothstep(0.4 - blur, 1 + blur, y);
  const { right, toward, key } = studio;
  const across = x * right[0] + y * right[1] + z * right[2];
  const front = x * toward[0] + y * toward[1] + z * toward[2];
  const box = x * key.direction[0] + y * key.direction[1] + z * key.direction[2];
  const soft = 0.05 + roughness * 0.5;
  const main = smoothstep(0.84 - soft, 0.84 + soft, box) * (1.3 - roughness);
  const strip = smoothstep(0.62 - soft, 0.62 + soft, across) * smoothstep(-0.5, 0.1, front) * (0.55 - 0.35 * roughness);
  return floorToCeiling + main + strip;
}
