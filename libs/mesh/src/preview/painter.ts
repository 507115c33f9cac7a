import type { Camera } from './camera.js';
import type { KeyShadow } from './light/key-shadow.js';
import { type PixelReach, reachOf } from './light/reach.js';
import { Shader } from './light/shader.js';
import type { Studio } from './light/studio.js';
import type { Picture } from './picture.js';
import { type DrawnMesh, MeshFinder } from './surface/drawn-mesh.js';
import { RaisedPoint } from './surface/raised-point.js';
import { finePerCell, finePerPixel, type Screen } from './surface/screen.js';
import { opaque } from './surface/solidity.js';
import { SurfacePoint } from './surface/surface-point.js';
import { Surfaces } from './surface/surfaces.js';
import { Triangle } from './surface/triangle.js';

const { floor, log2, min } = Math;

const samplesPerCell = finePerCell * finePerCell;

/** Lights what the cells of a picture see. */
export class Painter {
  private readonly at = new Triangle();
  private readonly point = new SurfacePoint();
  private readonly raised = new RaisedPoint();
  private readonly reach = { key: 1, ambient: 1 };
  private readonly shader: Shader;
  private readonly pixelReach: PixelReach;
  private readonly owner: MeshFinder<DrawnMesh>;
  private readonly surfaces: Surfaces;
  private selected = -1;
  private readonly samples = new Int32Array(samplesPerCell);

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
    this.pixelReach = reachOf(screen, meshes, camera, shadow);
    this.owner = new MeshFinder(meshes);
    this.surfaces = new Surfaces(screen, meshes);
  }

  paintSolid(): void {
    const { cells, side } = this.screen;
    for (let row = 0; row < cells; row += 2) {
      for (let column = 0; column < cells; column += 2) {
        const first = finePerCell * (row * side + column);
        if (this.surfaces.isOne(first)) this.paintPixel(column, row, first);
        else if (this.screen.sees(first)) this.paintCells(column, row);
      }
    }
  }

  /** Lays a place of a translucent triangle over what is behind it; `share` of the cell sees it. */
  paintBlended(mesh: DrawnMesh, triangle: number, cell: number, share: number): void {
    const column = cell % this.screen.cells;
    const row = floor(cell / this.screen.cells);
    this.select(mesh, triangle);
    this.at.logWidth = log2(finePerCell);
    this.at.lookAt(finePerCell * (column + 0.5), finePerCell * (row + 0.5));
    this.point.read(this.at);
    if (this.point.alpha >= opaque) return; // painted as solid already
    this.raised.read(this.at);
    this.reach.ambient = 1;
    this.reach.key = this.shadow.reach(this.raised.position, this.raised.normal, (column & 3) * 4 + (row & 3));
    this.light();
    const alpha = min(1, this.point.alpha);
    this.picture.lay(cell, share * (alpha + (1 - alpha) * this.shader.gloss));
  }

  /** Lights a pixel of one surface in two places. */
  private paintPixel(column: number, row: number, first: number): void {
    const { side, cells } = this.screen;
    this.at.logWidth = log2(finePerPixel) - 0.5;
    for (let half = 0; half < 2; half++) {
      this.look(half === 0 ? first + 1 : first + 3 * side + 2);
      this.pixelReach.read((row >> 1) * this.screen.pixels + (column >> 1), this.reach);
      this.light();
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
    const { samples } = this;
    const first = finePerCell * (row * side + column);
    for (let k = 0; k < samplesPerCell; k++) samples[k] = first + (k >> 1) * side + (k & 1);
    for (let k = 0; k < samplesPerCell; k++) {
      const sample = samples[k]!;
      if (sample < 0 || solid.triangles[sample]! < 0) continue;
      let share = 1;
      for (let other = k + 1; other < samplesPerCell; other++) {
        if (samples[other]! < 0 || !this.surfaces.areOne(sample, samples[other]!)) continue;
        samples[other] = -1;
        share++;
      }
      this.look(sample);
      this.pixelReach.readNear(column >> 1, row >> 1, this.at, this.point.position, this.reach);
      this.light();
      this.picture.add(row * cells + column, share / samplesPerCell);
    }
  }

  private look(sample: number): void {
    const { screen, at, point } = this;
    const triangle = screen.solid.triangles[sample]!;
    if (triangle !== this.selected) {
      const mesh = this.owner.of(triangle);
      this.select(mesh, triangle - mesh.firstTriangle);
    }
    at.lookAt(screen.xOf(sample), screen.yOf(sample));
    point.read(at);
  }

  private light(): void {
    this.shader.shade(this.point, this.reach);
    this.picture.dip(this.shader.color);
  }

  private select(mesh: DrawnMesh, triangle: number): void {
    if (mesh.firstTriangle + triangle === this.selected) return;
    this.at.select(mesh, triangle);
    this.selected = mesh.firstTriangle + triangle;
  }
}
