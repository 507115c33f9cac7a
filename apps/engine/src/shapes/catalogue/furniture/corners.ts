import type { Point } from '../../kit.js';

/** The four corners of a rectangle around the origin. */
export const corners = (x: number, y: number): Point[] => [
  [-x, -y],
  [x, -y],
  [x, y],
  [-x, y],
];
