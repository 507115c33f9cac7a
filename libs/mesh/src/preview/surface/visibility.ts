import { type Grid, Scan, type ScannedMesh } from './scan.js';

/** Whether a sample, counted through the rows, of a triangle is solid. */
export type Solidity = (sample: number, triangle: number) => boolean;

/** What every sample of a grid sees. */
export class Visibility {
  /** 1 / distance, or any other measure that grows towards the viewer; 0 where nothing is seen. */
  readonly nearness: Float32Array;
  /** Triangle, counted through all meshes; −1 where nothing is seen. */
  readonly triangles: Int32Array;

  constructor(readonly grid: Grid) {
    this.nearness = new Float32Array(grid.side * grid.side);
    this.triangles = new Int32Array(grid.side * grid.side).fill(-1);
  }

  clear(): void {
    this.nearness.fill(0);
    this.triangles.fill(-1);
  }

  /** Draws a mesh; where it is not solid its holes stay open. */
  draw(mesh: ScannedMesh, firstTriangle: number, doubleSided: boolean, solid: Solidity | null): void {
    const { nearness, triangles, grid } = this;
    const scan = new Scan(mesh, grid, doubleSided);
    const count = mesh.indices.length / 3;
    for (let triangle = 0; triangle < count; triangle++) {
      if (!scan.select(triangle)) continue;
      for (let y = scan.top; y <= scan.bottom; y++) {
        for (let x = scan.enter(y); x <= scan.right; x++) {
          const sample = y * grid.side + x;
          if (!scan.covers(x) || scan.nearness <= nearness[sample]!) continue;
          if (solid !== null && !solid(sample, triangle)) continue;
          nearness[sample] = scan.nearness;
          triangles[sample] = firstTriangle + triangle;
        }
      }
    }
  }
}
