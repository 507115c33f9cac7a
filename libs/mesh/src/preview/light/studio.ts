import type { Vec3 } from '../../scene/scene.js';
import type { Camera } from '../camera.js';
import { combine, cross, smoothstep, unit } from '../vector.js';

const { max, min } = Math;

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
  /** The weak lamp from the right. */
  fill: Lamp;
  /** The lamp from behind that draws the rim. */
  rim: Lamp;
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
    key: lamp([0.84, 0.815, 0.77], 0.16, [-0.62, right], [0.78, up], [0.62, toward]),
    fill: lamp([0.24, 0.26, 0.3], 0.3, [0.95, right], [0.15, up], [0.45, toward]),
    rim: lamp([0.6, 0.62, 0.67], 0.2, [0.45, right], [0.6, up], [-0.8, toward]),
    right,
    toward,
  };
}

/** Ambient light on a wall that faces `up` (−1 down, 1 up): warm from the floor, cool from above. */
export function ambient(up: number, out: Float64Array): void {
  const t = 0.5 + 0.5 * up;
  out[0] = 0.15 + 0.16 * t;
  out[1] = 0.145 + 0.17 * t;
  out[2] = 0.145 + 0.2 * t;
}

/**
 * What a mirror sees in a direction: a pale floor that is dark under the model, a bright ceiling, a soft box where the key
 * lamp is and a strip of light on the right. The rougher the mirror, the softer the picture.
 */
export function reflected(studio: Studio, into: Float64Array, roughness: number): number {
  const { right, toward, key } = studio;
  const up = into[1]!;
  const across = into[0]! * right[0] + up * right[1] + into[2]! * right[2];
  const front = into[0]! * toward[0] + up * toward[1] + into[2]! * toward[2];
  const blur = 0.1 + roughness * 1.1;
  const away = min(1, max(0, 1 + up));
  const floor = 0.09 + (0.2 - 0.1 * roughness) * away * away * away;
  const ceiling = 0.6 + 0.24 * smoothstep(0.4 - blur, 1 + blur, up);
  const room = floor + (ceiling - floor) * smoothstep(-blur, blur, up);
  const soft = 0.05 + roughness * 0.5;
  const facing = into[0]! * key.direction[0] + up * key.direction[1] + into[2]! * key.direction[2];
  const main = smoothstep(0.84 - soft, 0.84 + soft, facing) * (1.3 - roughness);
  const strip = smoothstep(0.62 - soft, 0.62 + soft, across) * smoothstep(-0.5, 0.1, front) * (0.55 - 0.35 * roughness);
  return room + main + strip;
}
