import type { Vec3 } from '../../scene/scene.js';
import { type Extent, type Projected, unprojected } from '../camera.js';
import type { DressedMesh } from '../surface/drawn-mesh.js';
import { solidityOf } from '../surface/solidity.js';
import { Visibility } from '../surface/visibility.js';
import { cross, dot, unit } from '../vector.js';

const { cos, floor, max, min, sin, sqrt } = Math;

/** Texels around a point in which something that shades it is looked for; also the widest soft edge. */
const widest = 15;
const narrowest = 1.7;
/** Width of a soft edge per distance between what casts a shadow and what receives it: a large lamp. */
const lampSize = 0.16;
const searchTaps = 7;
const taps = 10;
/** Steps off the surface, in texels, so that it does not shade itself. */
const lift = 1.5;
/** Steepest surface, towards the lamp, that is followed exactly. */
const steepest = 4;
const goldenAngle = 2.399963;
/** Places on a disc of radius 1, for each of 16 turns of the disc. */
const spiral = (count: number): { x: Float64Array; y: Float64Array } => {
  const far = (i: number): number => sqrt(((i % count) + 0.5) / count);
  const angle = (i: number): number => (i % count) * goldenAngle + (floor(i / count) * Math.PI) / 8;
  return {
    x: Float64Array.from({ length: 16 * count }, (_, i) => cos(angle(i)) * far(i)),
    y: Float64Array.from({ length: 16 * count }, (_, i) => sin(angle(i)) * far(i)),
  };
};
const searched = spiral(searchTaps);
const looked = spiral(taps);

/**
 * Shadows of the key lamp: a depth map seen from the lamp, in parallel light. They are sharp where they begin and soft far
 * from what casts them: R. Fernando, "Percentage-Closer Soft Shadows" (2005), with depths compared along the plane of
 * the receiving face.
 */
export class KeyShadow {
  private readonly across: Vec3;
  private readonly upward: Vec3;
  private readonly texelsPerUnit: number;
  private readonly depthPerTexel: number;

  /** `map` is cleared and drawn on. */
  constructor(
    meshes: DressedMesh[],
    private readonly extent: Extent,
    private readonly toLamp: Vec3,
    private readonly map: Visibility,
  ) {
    this.across = unit(cross([0, 1, 0], toLamp));
    this.upward = cross(toLamp, this.across);
    this.texelsPerUnit = (map.grid.side - 8) / 2 / extent.radius;
    this.depthPerTexel = this.depthScale / this.texelsPerUnit;
    map.clear();
    for (const mesh of meshes) {
      const lit = { ...mesh, screen: this.project(mesh.positions) };
      const solid = solidityOf(lit, map.grid.side);
      if (solid !== false) map.draw(lit, 0, true, solid === true ? null : solid);
    }
  }

  /** Whether a surface with that normal is turned towards the lamp. */
  faces(normal: Float64Array): boolean {
    return dot3(normal, this.toLamp) > 0;
  }

  /** The share of the key lamp that reaches a point of a surface with that normal; `turn` 0–15 varies the places looked at. */
  reach(position: Float64Array, normal: Float64Array, turn: number): number {
    const { toLamp, texelsPerUnit } = this;
    const facing = normal[0]! * toLamp[0] + normal[1]! * toLamp[1] + normal[2]! * toLamp[2];
    if (facing <= 0) return 0;
    const step = lift / texelsPerUnit;
    const x = position[0]! + normal[0]! * step;
    const y = position[1]! + normal[1]! * step;
    const z = position[2]! + normal[2]! * step;
    const left = this.column(x, y, z);
    const top = this.row(x, y, z);
    const depth = this.height(x, y, z) + this.depthPerTexel * 0.5;
    const toward = max(facing, 0.05);
    const right = this.slope(-dot3(normal, this.across) / toward);
    const down = this.slope(dot3(normal, this.upward) / toward);
    const above = this.search(left, top, depth, right, down, turn);
    if (above < 0) return 1;
    const width = min(widest, max(narrowest, (above / this.depthPerTexel) * lampSize));
    let seen = 0;
    for (let tap = turn * taps; tap < (turn + 1) * taps; tap++) {
      const dx = looked.x[tap]! * width;
      const dy = looked.y[tap]! * width;
      if (this.depthAt(left + dx, top + dy) <= depth + dx * right + dy * down) seen++;
    }
    return seen / taps;
  }

  /** Mean height of what is above the plane through a point; −1 where nothing is. */
  // oxlint-disable-next-line max-params -- innermost loop
  private search(left: number, top: number, depth: number, right: number, down: number, turn: number): number {
    let sum = 0;
    let found = 0;
    for (let tap = turn * searchTaps; tap < (turn + 1) * searchTaps; tap++) {
      const dx = searched.x[tap]! * widest;
      const dy = searched.y[tap]! * widest;
      const above = this.depthAt(left + dx, top + dy) - (depth + dx * right + dy * down);
      if (above <= 0) continue;
      sum += above;
      found++;
    }
    return found > 0 ? sum / found : -1;
  }

  private depthAt(x: number, y: number): number {
    const { side } = this.map.grid;
    const column = floor(x);
    const row = floor(y);
    return column < 0 || row < 0 || column >= side || row >= side ? 0 : this.map.nearness[row * side + column]!;
  }

  private slope(rise: number): number {
    return min(steepest, max(-steepest, rise)) * this.depthPerTexel;
  }

  private project(positions: Float32Array): Projected {
    const screen = unprojected(positions.length / 3);
    for (let i = 0; i < screen.x.length; i++) {
      const x = positions[3 * i]!;
      const y = positions[3 * i + 1]!;
      const z = positions[3 * i + 2]!;
      screen.x[i] = this.column(x, y, z);
      screen.y[i] = this.row(x, y, z);
      screen.nearness[i] = this.height(x, y, z);
    }
    return screen;
  }

  private column(x: number, y: number, z: number): number {
    return this.along(this.across, x, y, z) * this.texelsPerUnit + this.map.grid.side / 2;
  }

  private row(x: number, y: number, z: number): number {
    return -this.along(this.upward, x, y, z) * this.texelsPerUnit + this.map.grid.side / 2;
  }

  /** Distance towards the lamp, 0.5–1.5: what the depth map holds. */
  private height(x: number, y: number, z: number): number {
    return 1 + this.along(this.toLamp, x, y, z) * this.depthScale;
  }

  private get depthScale(): number {
    return 0.5 / this.extent.radius;
  }

  private along(axis: Vec3, x: number, y: number, z: number): number {
    const { center } = this.extent;
    return (x - center[0]) * axis[0] + (y - center[1]) * axis[1] + (z - center[2]) * axis[2];
  }
}

const dot3 = (a: Float64Array, b: Vec3): number => dot(a as unknown as Vec3, b);
