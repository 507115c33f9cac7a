import { boundsOf } from '../scene/bounds.js';
import type { Vec3 } from '../scene/scene.js';
import { combine, cross, dot } from './vector.js';

const { cos, max, min, sin } = Math;

/** Vertices on the screen. */
export interface Projected {
  /** Samples from the left */
  x: Float32Array;
  /** Samples from the top */
  y: Float32Array;
  /** Grows towards the viewer and is linear on the screen: for a camera the model's radius / distance along the view. */
  nearness: Float32Array;
}

/** Room for the projection of that many vertices. */
export const unprojected = (vertices: number): Projected => ({
  x: new Float32Array(vertices),
  y: new Float32Array(vertices),
  nearness: new Float32Array(vertices),
});

/** The ball that holds a model. */
export interface Extent {
  center: Vec3;
  /** Half the diagonal of the model's bounds. */
  radius: number;
  /** Height of the lowest point. */
  ground: number;
}

/** Where a model is and how large. */
export function extentOf(positions: Float32Array[]): Extent {
  const { min: low, max: high, diagonal } = boundsOf(positions)!;
  const center = [0, 1, 2].map((k) => (low[k]! + high[k]!) / 2) as unknown as Vec3;
  return { center, radius: diagonal / 2 || 1, ground: low[1]! };
}

const fieldOfView = (30 * Math.PI) / 180;
/** Free space around the model, in shares of the picture; more below, where its shadow lies. */
const margin = { side: 0.09, bottom: 0.125 };

/** A perspective camera on a sphere around the model, zoomed until the model just fits. */
export class Camera {
  /** Unit vectors of the picture in the world: to the right, upwards, towards the viewer. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly toward: Vec3;
  readonly eye: Vec3;
  /** The vertices of every mesh on the screen */
  readonly screens: Projected[];
  private scale = 1;
  private shift: [number, number] = [0, 0];

  /** Yaw and pitch in degrees: 0, 0 looks at the front (+Z). `samples`: width and height of the screen. */
  constructor(
    positions: Float32Array[],
    readonly extent: Extent,
    angles: { yaw: number; pitch: number },
    readonly samples: number,
  ) {
    const [yaw, pitch] = [angles.yaw, angles.pitch].map((degrees) => (degrees * Math.PI) / 180) as [number, number];
    this.toward = [sin(yaw) * cos(pitch), sin(pitch), cos(yaw) * cos(pitch)];
    this.right = [cos(yaw), 0, -sin(yaw)];
    this.up = cross(this.toward, this.right);
    this.eye = combine([1, extent.center], [extent.radius / sin(fieldOfView / 2), this.toward]);
    this.screens = positions.map((own) => this.project(own));
    this.zoom();
  }

  /** Writes the direction in which a place of the screen looks, as far as one unit of depth. */
  ray(x: number, y: number, out: Float64Array): void {
    const across = (x - this.shift[0]) / this.scale;
    const down = (y - this.shift[1]) / this.scale;
    const { right, up, toward } = this;
    for (let k = 0; k < 3; k++) out[k] = across * right[k]! - down * up[k]! - toward[k]!;
  }

  /** Samples per unit of length at the model's centre. */
  get samplesPerUnit(): number {
    return this.scale / dot(combine([1, this.eye], [-1, this.extent.center]), this.toward);
  }

  /** On a screen one unit away from the eye. */
  private project(positions: Float32Array): Projected {
    const count = positions.length / 3;
    const screen = unprojected(count);
    const { eye, right, up, toward } = this;
    const { radius } = this.extent;
    for (let i = 0; i < count; i++) {
      const x = positions[3 * i]! - eye[0];
      const y = positions[3 * i + 1]! - eye[1];
      const z = positions[3 * i + 2]! - eye[2];
      const inverse = -1 / (x * toward[0] + y * toward[1] + z * toward[2]);
      screen.nearness[i] = inverse * radius;
      screen.x[i] = (x * right[0] + y * right[1] + z * right[2]) * inverse;
      screen.y[i] = -(x * up[0] + y * up[1] + z * up[2]) * inverse;
    }
    return screen;
  }

  /** Moves and enlarges the screen until the model fills it. */
  private zoom(): void {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of this.screens) {
      for (let i = 0; i < x.length; i++) {
        left = min(left, x[i]!);
        right = max(right, x[i]!);
        top = min(top, y[i]!);
        bottom = max(bottom, y[i]!);
      }
    }
    const room = 1 - margin.side - margin.bottom;
    const size = max((right - left) / (1 - 2 * margin.side), (bottom - top) / room);
    this.scale = this.samples / (size || 1);
    const middle = margin.side + room / 2;
    this.shift = [
      this.samples / 2 - ((left + right) / 2) * this.scale,
      this.samples * middle - ((top + bottom) / 2) * this.scale,
    ];
    for (const { x, y } of this.screens) {
      for (let i = 0; i < x.length; i++) {
        x[i] = x[i]! * this.scale + this.shift[0];
        y[i] = y[i]! * this.scale + this.shift[1];
      }
    }
  }
}
