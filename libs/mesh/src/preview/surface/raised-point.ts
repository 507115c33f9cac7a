import type { Triangle } from './triangle.js';

const { sqrt } = Math;

/**
 * A point of the surface from which a lamp is looked for: where it would lie on the round surface that the corners' normals
 * suggest. A coarse model must not cast the shadow of its facets on itself. J. Hanika, "Hacking the Shadow Terminator"
 * (Ray Tracing Gems II, 2021). Reused: nothing is allocated per point.
 */
export class RaisedPoint {
  /** Place in the world, on the triangle itself */
  readonly flat = new Float64Array(3);
  /** Place in the world, raised */
  readonly position = new Float64Array(3);
  /** Unit normal between those of the corners, towards the viewer's side */
  readonly normal = new Float64Array(3);

  /** Reads the point a triangle is looked at. */
  read(at: Triangle): void {
    const { positions, normals } = at.mesh;
    const side = at.back ? -1 : 1;
    for (let k = 0; k < 3; k++) {
      this.flat[k] = at.value(positions, 3, k);
      this.position[k] = this.flat[k]!;
    }
    this.normal[0] = at.nx * side;
    this.normal[1] = at.ny * side;
    this.normal[2] = at.nz * side;
    if (!normals) return;
    this.turn(at, normals, side);
    this.raise(at.a, at.wa, positions, normals, side);
    this.raise(at.b, at.wb, positions, normals, side);
    this.raise(at.c, at.wc, positions, normals, side);
  }

  private turn(at: Triangle, normals: Float32Array, side: number): void {
    const x = at.value(normals, 3, 0) * side;
    const y = at.value(normals, 3, 1) * side;
    const z = at.value(normals, 3, 2) * side;
    const length = sqrt(x * x + y * y + z * z);
    if (length === 0) return;
    this.normal[0] = x / length;
    this.normal[1] = y / length;
    this.normal[2] = z / length;
  }

  /** Moves by the share of a corner onto the plane that is square to the corner's normal. */
  // oxlint-disable-next-line max-params -- innermost loop
  private raise(corner: number, share: number, positions: Float32Array, normals: Float32Array, side: number): void {
    let above = 0;
    for (let k = 0; k < 3; k++) above += (this.flat[k]! - positions[3 * corner + k]!) * normals[3 * corner + k]! * side;
    if (above >= 0) return;
    for (let k = 0; k < 3; k++) this.position[k]! -= above * share * normals[3 * corner + k]! * side;
  }
}
