import type { Vec3 } from '../scene/scene.js';
import { boundsOf } from '../scene/bounds.js';
import { combine, cross, dot } from './vector.js';

/** Vertices on the screen. */
export interface Projected {
  /** Samples from the left */
  x: Float32Array;
  /** Samples from the top */
  y: Float32Array;
  /** 1 / distance along the view; linear on the screen, greater is nearer. */
  nearness: Float32Array;
}

const fieldOfView = (30 * Math.PI) / 180;
/** Free space around the model, in shares of the picture; more below, where its shadow lies. */
const margin = { side: 0.08, bottom: 0.11 };

/** A perspective camera on a sphere around the model, zoomed until the model just fits. */
export class Camera {
  /** Unit vectors of the picture in the world: to the right, upwards, towards the viewer. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly toward: Vec3;
  readonly eye: Vec3;
  readonly center: Vec3;
  /** Half the diagonal of the model's bounds. */
  readonly radius: number;
  /** Height of the lowest point. */
  readonly ground: number;
  private scale = 1;
  private shift: [number, number] = [0, 0];

  /** Yaw and pitch in degrees: 0, 0 looks at the front (+Z). `samples`: width and height of the screen. */
  constructor(
    positions: Float32Array[],
    angles: { yaw: number; pitch: number },
    readonly samples: number,
  ) {
    const [yaw, pitch] = [angles.yaw, angles.pitch].map((degrees) => (degrees * Math.PI) / 180) as [number, number];
    this.toward = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
    this.right = [Math.cos(yaw), 0, -Math.sin(yaw)];
    this.up = cross(this.toward, this.right);
    const { min, max, diagonal } = boundsOf(positions)!;
    this.center = [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2) as unknown as Vec3;
    this.radius = diagonal / 2 || 1;
    this.ground = min[1]!;
    this.eye = combine([1, this.center], [this.radius / Math.sin(fieldOfView / 2), this.toward]);
    this.zoom(positions);
  }

  project(positions: Float32Array): Projected {
    const count = positions.length / 3;
    const screen = { x: new Float32Array(count), y: new Float32Array(count), nearness: new Float32Array(count) };
    const { eye, right, up, toward, scale, shift } = this;
    for (let i = 0; i < count; i++) {
      const x = positions[3 * i]! - eye[0];
      const y = positions[3 * i + 1]! - eye[1];
      const z = positions[3 * i + 2]! - eye[2];
      const near = -1 / (x * toward[0] + y * toward[1] + z * toward[2]);
      screen.nearness[i] = near;
      screen.x[i] = (x * right[0] + y * right[1] + z * right[2]) * near * scale + shift[0];
      screen.y[i] = -(x * up[0] + y * up[1] + z * up[2]) * near * scale + shift[1];
    }
    return screen;
  }

  /** The direction in which a sample looks; as far as one unit of depth. */
  ray(x: number, y: number): Vec3 {
    const across = (x - this.shift[0]) / this.scale;
    const down = (y - this.shift[1]) / this.scale;
    return combine([across, this.right], [-down, this.up], [-1, this.toward]);
  }

  /** Samples per unit of length at the model's centre. */
  get samplesPerUnit(): number {
    return this.scale / dot(combine([1, this.eye], [-1, this.center]), this.toward);
  }

  private zoom(positions: Float32Array[]): void {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of positions.map((own) => this.project(own))) {
      for (let i = 0; i < x.length; i++) {
        left = Math.min(left, x[i]!);
        right = Math.max(right, x[i]!);
        top = Math.min(top, y[i]!);
        bottom = Math.max(bottom, y[i]!);
      }
    }
    const room = 1 - margin.side - margin.bottom;
    const extent = Math.max((right - left) / (1 - 2 * margin.side), (bottom - top) / room);
    this.scale = this.samples / (extent || 1);
    const middle = margin.side + room / 2;
    this.shift = [
      this.samples / 2 - ((left + right) / 2) * this.scale,
      this.samples * middle - ((top + bottom) / 2) * this.scale,
    ];
  }
}
