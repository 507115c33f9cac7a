import type { Vec3 } from '../../scene/scene.js';
import type { Camera } from '../camera.js';
import type { DrawnMesh } from '../surface/drawn-mesh.js';
import { cross, unit } from '../vector.js';
import { Visibility } from '../surface/visibility.js';

/** Texels of the depth map, each way: as many as the picture has samples, but not more than this. */
const largestSide = 1024;
/** Places looked at around a point, on a disc that is turned a little for every sample: a soft, even edge. */
const taps = 8;
const discTexels = 3.2;
const goldenAngle = 2.399963;
const offsets = Array.from({ length: taps * 16 }, (_, i) => {
  const [tap, turn] = [i % taps, Math.floor(i / taps)];
  const angle = tap * goldenAngle + (turn * Math.PI) / 8;
  const far = discTexels * Math.sqrt((tap + 0.5) / taps);
  return { x: Math.cos(angle) * far, y: Math.sin(angle) * far };
});

/** Shadows of the key lamp: a depth map seen from the lamp, in parallel light. */
export class KeyShadow {
  private readonly side: number;
  private readonly map: Visibility;
  private readonly across: Vec3;
  private readonly upward: Vec3;
  private readonly texelsPerUnit: number;

  constructor(
    meshes: DrawnMesh[],
    private readonly camera: Camera,
    private readonly toLamp: Vec3,
  ) {
    this.side = Math.min(largestSide, camera.samples);
    this.map = new Visibility(this.side);
    this.across = unit(cross([0, 1, 0], toLamp));
    this.upward = cross(toLamp, this.across);
    this.texelsPerUnit = (this.side - 8) / 2 / camera.radius;
    for (const mesh of meshes) {
      if (mesh.material.alphaMode === 'BLEND') continue;
      this.map.draw({
        ...mesh,
        screen: this.project(mesh.positions),
        material: { ...mesh.material, doubleSided: true },
      });
    }
  }

  /** The share of the key lamp that reaches a point of a face with that normal; `turn` 0–15 varies the places looked at. */
  reach(position: Float64Array, normal: Float64Array, turn: number): number {
    // step off the surface by more than the disc, so that it does not shade itself
    const lift = discTexels / this.texelsPerUnit;
    const x = position[0]! + normal[0]! * lift;
    const y = position[1]! + normal[1]! * lift;
    const z = position[2]! + normal[2]! * lift;
    const left = this.column(x, y, z);
    const top = this.row(x, y, z);
    const near = this.height(x, y, z) + lift * 0.5 * this.depthScale;
    let seen = 0;
    for (let tap = 0; tap < taps; tap++) {
      const { x: dx, y: dy } = offsets[turn * taps + tap]!;
      if (this.open(left + dx, top + dy, near)) seen++;
    }
    return seen / taps;
  }

  private open(x: number, y: number, near: number): boolean {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column < 0 || row < 0 || column >= this.side || row >= this.side) return true;
    return this.map.nearness[row * this.side + column]! <= near;
  }

  private project(positions: Float32Array) {
    const count = positions.length / 3;
    const screen = { x: new Float32Array(count), y: new Float32Array(count), nearness: new Float32Array(count) };
    for (let i = 0; i < count; i++) {
      const [x, y, z] = [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!];
      screen.x[i] = this.column(x, y, z);
      screen.y[i] = this.row(x, y, z);
      screen.nearness[i] = this.height(x, y, z);
    }
    return screen;
  }

  private column(x: number, y: number, z: number): number {
    return this.along(this.across, x, y, z) * this.texelsPerUnit + this.side / 2;
  }

  private row(x: number, y: number, z: number): number {
    return -this.along(this.upward, x, y, z) * this.texelsPerUnit + this.side / 2;
  }

  /** Distance towards the lamp, 0.5–1.5: what the depth map holds. */
  private height(x: number, y: number, z: number): number {
    return 1 + this.along(this.toLamp, x, y, z) * this.depthScale;
  }

  private get depthScale(): number {
    return 0.5 / this.camera.radius;
  }

  private along(axis: Vec3, x: number, y: number, z: number): number {
    const { center } = this.camera;
    return (x - center[0]) * axis[0] + (y - center[1]) * axis[1] + (z - center[2]) * axis[2];
  }
}
