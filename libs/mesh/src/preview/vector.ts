import type { Vec3 } from '../scene/scene.js';

const { hypot, max, min } = Math;

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const unit = (v: Vec3): Vec3 => {
  const length = hypot(v[0], v[1], v[2]) || 1;
  return [v[0] / length, v[1] / length, v[2] / length];
};

/** The sum of vectors, each multiplied. */
export const combine = (...terms: [number, Vec3][]): Vec3 => {
  const sum = [0, 0, 0];
  for (const [factor, v] of terms) for (let k = 0; k < 3; k++) sum[k]! += factor * v[k]!;
  return sum as unknown as Vec3;
};

/** 0 below `from`, 1 above `to`, an S-curve between. */
export const smoothstep = (from: number, to: number, value: number): number => {
  const t = min(1, max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
};
