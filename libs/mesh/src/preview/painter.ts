import type { Camera } from './camera.js';
import { ambientReach } from './light/ambient-reach.js';
import type { KeyShadow } from './light/key-shadow.js';
import { Shader } from './light/shader.js';
import type { Studio } from './light/studio.js';
import type { Picture } from './picture.js';
import { type DrawnMesh, MeshFinder } from './surface/drawn-mesh.js';
import { finePerCell, finePerPixel, type Screen } from './surface/screen.js';
import { opaque } from './surface/solidity.js';
import { SurfacePoint } from './surface/surface-point.js';
import { Triangle } from './surface/triangle.js';

const { abs, floor, log2, min } = Math;

/** Samples of a cell whose nearness differs by more than this share belong to different surfaces. */
const gap = 0.008;
const samplesPerCell = finePerCell * finePerCell;

/** Lights what the cells of a picture see. */
export class Painter {
  private readonly at = new Triangle();
  private readonly point = new SurfacePoint();
  private readonly reach = { key: 1, ambient: 1 };
  private readonly shader: Shader;
  private readonly open: Float32Array;
  private readonly owner: MeshFinder<DrawnMesh>;
  private selected = -1;
  /** Where the reach of the key lamp was last looked up; it serves the whole pixel and surface. */
  private readonly lastReach = { pixel: -1, nearness: 0 };
  private readonly raised = new Float64Array(3);
  private readonly seen = { triangles: new Int32Array(samplesPerCell), nearness: new Float64Array(samplesPerCell) };

  // oxlint-disable-next-line max-params -- all that a picture is made of
  constructor(
    private readonly picture: Picture,
    private readonly screen: Screen,
    meshes: DrawnMesh[],
    camera: Camera,
    studio: Studio,
    private readonly shadow: KeyShadow,
  ) {
    this.shader = new Shader(studio, camera.eye);
    this.open = ambientReach(screen, meshes, camera);
    this.owner = new MeshFinder(meshes);
  }

  paintSolid(): void {
    const { cells } = this.screen;
    for (let row = 0; row < cells; row += 2) {
      for (let column = 0; column < cells; column += 2) {
        const first = finePerCell * (row * this.screen.side + column);
        if (this.isOneSurface(first)) this.paintPixel(column, row, first);
        else if (this.screen.sees(first)) this.paintCells(column, row);
      }
    }
  }

  /** Lays a place of a translucent triangle over what is behind it; `share` of the cell sees it. */
  paintBlended(mesh: DrawnMesh, triangle: number, cell: number, share: number, nearness: number): void {
    const column = cell % this.screen.cells;
    const row = floor(cell / this.screen.cells);
    this.select(mesh, triangle);
    this.at.logWidth = log2(finePerCell);
    this.light(column, row, finePerCell * (column + 0.5), finePerCell * (row + 0.5), nearness);
    const alpha = min(1, this.point.alpha);
    if (alpha >= opaque && mesh.material.alphaMode === 'BLEND') return; // painted as solid already
    this.picture.dip(this.shader.color);
    this.picture.lay(cell, share * (alpha + (1 - alpha) * this.shader.gloss));
  }

  /** Whether all samples of a pixel see something, and at about the same depth. */
  private isOneSurface(first: number): boolean {
    const { side, solid } = this.screen;
    const here = solid.nearness[first]!;
    const tolerance = gap * here;
    if (here === 0) return false;
    for (let row = 0; row < finePerPixel; row++) {
      for (let column = 0; column < finePerPixel; column++) {
        if (abs(solid.nearness[first + row * side + column]! - here) > tolerance) return false;
      }
    }
    return true;
  }

  /** Lights a pixel of one surface in two places. */
  private paintPixel(column: number, row: number, first: number): void {
    const { side, cells } = this.screen;
    this.at.logWidth = log2(finePerPixel) - 0.5;
    for (let half = 0; half < 2; half++) {
      this.lightSample(column, row, half === 0 ? first + 1 : first + 3 * side + 2);
      const cell = (row + half) * cells + column;
      this.picture.add(cell, 1);
      this.picture.add(cell + 1, 1);
    }
  }

  private paintCells(column: number, row: number): void {
    this.at.logWidth = log2(finePerCell);
    this.paintCell(column, row);
    this.paintCell(column + 1, row);
    this.paintCell(column, row + 1);
    this.paintCell(column + 1, row + 1);
  }

  /** Paints a cell once for every surface its samples see, by its share. */
  private paintCell(column: number, row: number): void {
    const { side, solid, cells } = this.screen;
    const first = finePerCell * (row * side + column);
    const { triangles, nearness } = this.seen;
    for (let k = 0; k < samplesPerCell; k++) {
      const sample = first + (k >> 1) * side + (k & 1);
      triangles[k] = solid.triangles[sample]!;
      nearness[k] = solid.nearness[sample]!;
    }
    for (let k = 0; k < samplesPerCell; k++) {
      if (triangles[k]! < 0) continue;
      let share = 1;
      for (let other = k + 1; other < samplesPerCell; other++) {
        if (triangles[other]! < 0 || abs(nearness[other]! - nearness[k]!) > gap * nearness[k]!) continue;
        triangles[other] = -1;
        share++;
      }
      this.lightSample(column, row, first + (k >> 1) * side + (k & 1));
      this.picture.add(row * cells + column, share / samplesPerCell);
    }
  }

  private lightSample(column: number, row: number, sample: number): void {
    const { solid } = this.screen;
    this.selectSeen(solid.triangles[sample]!);
    this.light(column, row, this.screen.xOf(sample), this.screen.yOf(sample), solid.nearness[sample]!);
    this.picture.dip(this.shader.color);
  }

  private selectSeen(triangle: number): void {
    if (triangle === this.selected) return;
    const mesh = this.owner.of(triangle);
    this.at.select(mesh, triangle - mesh.firstTriangle);
    this.selected = triangle;
  }

  private select(mesh: DrawnMesh, triangle: number): void {
    if (mesh.firstTriangle + triangle === this.selected) return;
    this.at.select(mesh, triangle);
    this.selected = mesh.firstTriangle + triangle;
  }

  // oxlint-disable-next-line max-params -- innermost loop
  private light(column: number, row: number, x: number, y: number, nearness: number): void {
    this.at.lookAt(x, y);
    this.point.read(this.at);
    const pixel = (row >> 1) * this.screen.pixels + (column >> 1);
    this.reach.ambient = this.open[pixel]!;
    this.lookForLamp(pixel, ((column >> 1) & 3) * 4 + ((row >> 1) & 3), nearness);
    this.shader.shade(this.point, this.reach);
  }

  private lookForLamp(pixel: number, turn: number, nearness: number): void {
    const { lastReach, point } = this;
    if (lastReach.pixel === pixel && abs(lastReach.nearness - nearness) <= gap * nearness) return;
    lastReach.pixel = pixel;
    lastReach.nearness = nearness;
    point.raise(this.at, this.raised);
    this.reach.key = this.shadow.reach(this.raised, point.smooth, turn);
  }
}
