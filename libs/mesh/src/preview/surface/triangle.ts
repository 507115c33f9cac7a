import type { DrawnMesh } from './drawn-mesh.js';
import type { Texture } from './texture.js';

/**
 * The triangle being drawn and where in it one looks. One object is reused for all samples: in the inner loop nothing may
 * be allocated.
 */
export class Triangle {
  mesh!: DrawnMesh;
  /** Vertex numbers */
  a = 0;
  b = 0;
  c = 0;
  /** Seen from behind */
  back = false;
  /** Shares of the three corners at the place looked at, corrected for perspective. */
  wa = 0;
  wb = 0;
  wc = 0;
  /** Face normal, as the winding has it */
  nx = 0;
  ny = 0;
  nz = 0;
  /** Directions in which u grows and v shrinks: right and up in a normal map; zero without UVs. */
  readonly tangent = new Float64Array(3);
  readonly bitangent = new Float64Array(3);
  private x0 = 0;
  private y0 = 0;
  private inverseArea = 0;
  /** Half the log2 of the share of the UV square under a sample */
  private logUvArea = 0;

  select(mesh: DrawnMesh, triangle: number): void {
    const { indices, screen } = mesh;
    this.mesh = mesh;
    this.a = indices[3 * triangle]!;
    this.b = indices[3 * triangle + 1]!;
    this.c = indices[3 * triangle + 2]!;
    this.x0 = screen.x[this.c]!;
    this.y0 = screen.y[this.c]!;
    const area =
      (screen.x[this.a]! - this.x0) * (screen.y[this.b]! - this.y0) -
      (screen.x[this.b]! - this.x0) * (screen.y[this.a]! - this.y0);
    this.back = area > 0;
    this.inverseArea = 1 / area;
    this.orient();
  }

  /** Looks at the middle of a sample. */
  lookAt(x: number, y: number): void {
    const { screen } = this.mesh;
    const [dx, dy] = [x - this.x0, y - this.y0];
    const a = (dx * (screen.y[this.b]! - this.y0) - dy * (screen.x[this.b]! - this.x0)) * this.inverseArea;
    const b = (dy * (screen.x[this.a]! - this.x0) - dx * (screen.y[this.a]! - this.y0)) * this.inverseArea;
    const wa = a * screen.nearness[this.a]!;
    const wb = b * screen.nearness[this.b]!;
    const wc = (1 - a - b) * screen.nearness[this.c]!;
    const sum = wa + wb + wc;
    this.wa = wa / sum;
    this.wb = wb / sum;
    this.wc = wc / sum;
  }

  /** Component `k` of an attribute of `size` numbers a vertex, at the place looked at. */
  value(values: Float32Array, size: number, k: number): number {
    return (
      this.wa * values[this.a * size + k]! + this.wb * values[this.b * size + k]! + this.wc * values[this.c * size + k]!
    );
  }

  /** log2 of the pixels of a texture per sample, each way. */
  detail({ logPixels }: Texture): number {
    return this.logUvArea + logPixels;
  }

  private orient(): void {
    const { positions: p, uvs } = this.mesh;
    const [a, b, c] = [3 * this.a, 3 * this.b, 3 * this.c];
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
    const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    this.nx = nx / length;
    this.ny = ny / length;
    this.nz = nz / length;
    if (!uvs) return;
    const [du1, dv1] = [uvs[2 * this.b]! - uvs[2 * this.a]!, uvs[2 * this.b + 1]! - uvs[2 * this.a + 1]!];
    const [du2, dv2] = [uvs[2 * this.c]! - uvs[2 * this.a]!, uvs[2 * this.c + 1]! - uvs[2 * this.a + 1]!];
    const det = du1 * dv2 - du2 * dv1;
    this.logUvArea = 0.5 * Math.log2(Math.max(Math.abs(det * this.inverseArea), 1e-30));
    const sign = Math.sign(det);
    this.tangent[0] = (ux * dv2 - vx * dv1) * sign;
    this.tangent[1] = (uy * dv2 - vy * dv1) * sign;
    this.tangent[2] = (uz * dv2 - vz * dv1) * sign;
    this.bitangent[0] = (ux * du2 - vx * du1) * sign;
    this.bitangent[1] = (uy * du2 - vy * du1) * sign;
    this.bitangent[2] = (uz * du2 - vz * du1) * sign;
  }
}
