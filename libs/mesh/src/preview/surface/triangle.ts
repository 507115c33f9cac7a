import type { DrawnMesh } from './drawn-mesh.js';
import type { Texture } from './texture.js';

const { abs, log2, max, sign, sqrt } = Math;

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
  /** log2 of the width, in samples, of the area that is looked at */
  logWidth = 0;
  private x0 = 0;
  private y0 = 0;
  private inverseArea = 0;
  /** Half the log2 of the share of the UV square under a sample */
  private logUvArea = 0;

  select(mesh: DrawnMesh, triangle: number): void {
    this.selectPlace(mesh, triangle);
    const { uvs, material } = mesh;
    if (uvs && material.textured) this.unfold(uvs, material.normalTexture !== null);
  }

  /** All but what textures need. */
  selectPlace(mesh: DrawnMesh, triangle: number): void {
    this.selectFace(mesh, triangle);
    const { screen } = mesh;
    this.x0 = screen.x[this.c]!;
    this.y0 = screen.y[this.c]!;
    const area =
      (screen.x[this.a]! - this.x0) * (screen.y[this.b]! - this.y0) -
      (screen.x[this.b]! - this.x0) * (screen.y[this.a]! - this.y0);
    this.back = area > 0;
    this.inverseArea = 1 / area;
  }

  /** Only the corners and the face normal. */
  selectFace(mesh: DrawnMesh, triangle: number): void {
    const { indices, positions: p } = mesh;
    this.mesh = mesh;
    this.a = indices[3 * triangle]!;
    this.b = indices[3 * triangle + 1]!;
    this.c = indices[3 * triangle + 2]!;
    const a = 3 * this.a;
    const b = 3 * this.b;
    const c = 3 * this.c;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!;
    const vy = p[c + 1]! - p[a + 1]!;
    const vz = p[c + 2]! - p[a + 2]!;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    const length = sqrt(nx * nx + ny * ny + nz * nz) || 1;
    this.nx = nx / length;
    this.ny = ny / length;
    this.nz = nz / length;
  }

  /** Looks at a place of the screen. */
  lookAt(x: number, y: number): void {
    const { screen } = this.mesh;
    const dx = x - this.x0;
    const dy = y - this.y0;
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

  /** log2 of the pixels of a texture across the area looked at. */
  detail({ logPixels }: Texture): number {
    return this.logUvArea + logPixels + this.logWidth;
  }

  private unfold(uvs: Float32Array, directed: boolean): void {
    const { positions: p } = this.mesh;
    const du1 = uvs[2 * this.b]! - uvs[2 * this.a]!;
    const dv1 = uvs[2 * this.b + 1]! - uvs[2 * this.a + 1]!;
    const du2 = uvs[2 * this.c]! - uvs[2 * this.a]!;
    const dv2 = uvs[2 * this.c + 1]! - uvs[2 * this.a + 1]!;
    const det = du1 * dv2 - du2 * dv1;
    this.logUvArea = 0.5 * log2(max(abs(det * this.inverseArea), 1e-30));
    if (!directed) return;
    const turn = sign(det);
    for (let k = 0; k < 3; k++) {
      const corner = p[3 * this.a + k]!;
      const u = p[3 * this.b + k]! - corner;
      const v = p[3 * this.c + k]! - corner;
      this.tangent[k] = (u * dv2 - v * dv1) * turn;
      this.bitangent[k] = (u * du2 - v * du1) * turn;
    }
  }
}
