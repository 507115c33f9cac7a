import type { Matrix, Quaternion, Vec3 } from './scene.js';

type Column = readonly [number, number, number, number];

const matrix = (x: Column, y: Column, z: Column, w: Column): Matrix => [...x, ...y, ...z, ...w];

export const identity = matrix([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]);

/** The matrix that scales, then rotates, then moves. */
export function compose([tx, ty, tz]: Vec3, [x, y, z, w]: Quaternion, [sx, sy, sz]: Vec3): Matrix {
  return matrix(
    [(1 - 2 * (y * y + z * z)) * sx, 2 * (x * y + z * w) * sx, 2 * (x * z - y * w) * sx, 0],
    [2 * (x * y - z * w) * sy, (1 - 2 * (x * x + z * z)) * sy, 2 * (y * z + x * w) * sy, 0],
    [2 * (x * z + y * w) * sz, 2 * (y * z - x * w) * sz, (1 - 2 * (x * x + y * y)) * sz, 0],
    [tx, ty, tz, 1],
  );
}

/** a · b: first b, then a. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const product: number[] = [];
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * k + row]! * b[4 * column + k]!;
      product.push(sum);
    }
  }
  return product as unknown as Matrix;
}

/** Cofactors of the upper 3×3: they carry normals over under any scale, but for the sign of the determinant. */
export function cofactors(m: Matrix): Matrix {
  const [a, b, c, , d, e, f, , g, h, i] = m;
  return matrix(
    [e * i - f * h, f * g - d * i, d * h - e * g, 0],
    [c * h - b * i, a * i - c * g, b * g - a * h, 0],
    [b * f - c * e, c * d - a * f, a * e - b * d, 0],
    [0, 0, 0, 1],
  );
}

/** Whether the matrix turns the world inside out, as a negative scale does. */
export function mirrors(m: Matrix): boolean {
  const [a, b, c, , d, e, f, , g, h, i] = m;
  return a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e) < 0;
}
