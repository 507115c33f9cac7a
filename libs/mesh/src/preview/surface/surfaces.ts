import { type DrawnMesh, MeshFinder } from './drawn-mesh.js';
import type { Screen } from './screen.js';
import { Triangle } from './triangle.js';

const { abs } = Math;

/** Samples whose nearness differs by more than this share belong to different surfaces. */
const gap = 0.008;
/** Cosine of the angle from which on two faces are sides of an edge. */
const bend = 0.8;

/** Tells which samples that lie side by side see one surface, that need be lit only once. */
export class Surfaces {
  private readonly owner: MeshFinder<DrawnMesh>;
  private readonly one = new Triangle();
  private readonly other = new Triangle();
  private selected = -1;

  constructor(
    private readonly screen: Screen,
    meshes: DrawnMesh[],
  ) {
    this.owner = new MeshFinder(meshes);
  }

  /** Whether two samples see the same mesh, at about the same depth and not across an edge. */
  areOne(sample: number, other: number): boolean {
    const { triangles, nearness } = this.screen.solid;
    if (triangles[sample] === triangles[other]) return true;
    if (triangles[other]! < 0 || !this.areNear(nearness[sample]!, nearness[other]!)) return false;
    this.select(triangles[sample]!);
    const mesh = this.owner.of(triangles[other]!);
    if (mesh !== this.one.mesh) return false;
    this.other.selectFace(mesh, triangles[other]! - mesh.firstTriangle);
    return abs(this.one.nx * this.other.nx + this.one.ny * this.other.ny + this.one.nz * this.other.nz) > bend;
  }

  /** Whether all samples of the pixel with that first sample see one surface; edges are looked for in three corners. */
  isOne(first: number): boolean {
    const { side, solid } = this.screen;
    const here = solid.nearness[first]!;
    if (here === 0) return false;
    for (let k = 1; k < 16; k++) {
      if (!this.areNear(here, solid.nearness[first + (k >> 2) * side + (k & 3)]!)) return false;
    }
    return this.areOne(first, first + 3 * side + 3) && this.areOne(first, first + 3);
  }

  private areNear(one: number, other: number): boolean {
    return abs(one - other) <= gap * one;
  }

  private select(triangle: number): void {
    if (triangle === this.selected) return;
    const mesh = this.owner.of(triangle);
    this.one.selectFace(mesh, triangle - mesh.firstTriangle);
    this.selected = triangle;
  }
}
