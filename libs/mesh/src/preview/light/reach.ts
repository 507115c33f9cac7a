import type { Camera } from '../camera.js';
import { type DrawnMesh, MeshFinder } from '../surface/drawn-mesh.js';
import type { Screen } from '../surface/screen.js';
import { RaisedPoint } from '../surface/raised-point.js';
import { Triangle } from '../surface/triangle.js';
import { openness } from './ambient-openness.js';
import type { Vec3 } from '../../scene/scene.js';
import type { KeyShadow } from './key-shadow.js';
import { nowhere, type SeenPoints } from './seen-points.js';
import type { Reach } from './shader.js';

const { max, min } = Math;

/** Marks a face that is turned away from the lamp: its neighbours across the edge are not to be darkened by it. */
const turnedAway = -1;
/** How far two pixels that are smoothed together may lie apart, in units of the model's radius. */
const apart = 0.07;

/** How much light reaches what the pixels see. */
export class PixelReach {
  constructor(
    private readonly points: SeenPoints,
    private readonly center: Vec3,
    private readonly radius: number,
    /** Of the key lamp */
    private readonly key: Float32Array,
    /** Of the ambient light */
    private readonly ambient: Float32Array,
  ) {}

  /** Reads the reach of a pixel. */
  read(pixel: number, out: Reach): void {
    out.key = this.key[pixel]!;
    out.ambient = this.ambient[pixel]!;
  }

  /** Reads the reach of a point in a pixel that sees several surfaces: that of the pixel around it which sees the like. */
  readNear(x: number, y: number, at: Triangle, position: Float64Array, out: Reach): void {
    const { size } = this.points;
    let best = y * size + x;
    let least = Infinity;
    for (let row = max(0, y - 1); row <= min(size - 1, y + 1); row++) {
      for (let column = max(0, x - 1); column <= min(size - 1, x + 1); column++) {
        const difference = this.difference(row * size + column, at, position);
        if (difference >= least) continue;
        least = difference;
        best = row * size + column;
      }
    }
    this.read(best, out);
  }

  private difference(pixel: number, at: Triangle, position: Float64Array): number {
    const { positions, normals } = this.points;
    const first = 3 * pixel;
    let apartSquare = 0;
    for (let k = 0; k < 3; k++) {
      apartSquare += (positions[first + k]! - (position[k]! - this.center[k]!) / this.radius) ** 2;
    }
    const cosine = at.nx * normals[first]! + at.ny * normals[first + 1]! + at.nz * normals[first + 2]!;
    return apartSquare + apart * apart * (1 - (at.back ? -cosine : cosine));
  }
}

/** Looks from every pixel to the key lamp and around, and smooths over 4 × 4 pixels the pattern that few looks leave. */
export function reachOf(screen: Screen, meshes: DrawnMesh[], camera: Camera, shadow: KeyShadow): PixelReach {
  const size = screen.pixels;
  const points = {
    size,
    positions: new Float32Array(size * size * 3).fill(nowhere),
    normals: new Float32Array(size * size * 3),
  };
  const looked = keyReach(screen, meshes, camera, shadow, points);
  const { key, ambient } = smoothed({ key: looked, ambient: openness(points, camera) }, points);
  return new PixelReach(points, camera.extent.center, camera.extent.radius, key, ambient);
}

/** Fills in the points, and returns how much of the key lamp's light reaches them. */
// oxlint-disable-next-line max-params -- what a picture is made of
function keyReach(
  screen: Screen,
  meshes: DrawnMesh[],
  camera: Camera,
  shadow: KeyShadow,
  { size, positions, normals }: SeenPoints,
): Float32Array {
  const { center, radius } = camera.extent;
  const key = new Float32Array(size * size);
  const [owner, at, point] = [new MeshFinder(meshes), new Triangle(), new RaisedPoint()];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sample = screen.seenIn(x, y);
      if (sample < 0) continue;
      const triangle = screen.solid.triangles[sample]!;
      const mesh = owner.of(triangle);
      at.selectPlace(mesh, triangle - mesh.firstTriangle);
      at.lookAt(screen.xOf(sample), screen.yOf(sample));
      point.read(at);
      const pixel = 3 * (y * size + x);
      for (let k = 0; k < 3; k++) positions[pixel + k] = (point.flat[k]! - center[k]!) / radius;
      const side = at.back ? -1 : 1;
      normals[pixel] = at.nx * side;
      normals[pixel + 1] = at.ny * side;
      normals[pixel + 2] = at.nz * side;
      key[y * size + x] = shadow.faces(point.normal)
        ? shadow.reach(point.position, point.normal, (x & 3) * 4 + (y & 3))
        : turnedAway;
    }
  }
  return key;
}

/** A value for every pixel. */
interface Maps {
  key: Float32Array;
  ambient: Float32Array;
}

/** The mean over 4 × 4 pixels that lie at about the same depth. */
function smoothed(raw: Maps, { size, positions }: SeenPoints): Maps {
  const out = { key: new Float32Array(size * size).fill(1), ambient: new Float32Array(size * size).fill(1) };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const here = y * size + x;
      if (positions[3 * here] === nowhere) continue;
      let ambient = 0;
      let near = 0;
      let key = 0;
      let lit = 0;
      for (let row = max(0, y - 2); row < min(size, y + 2); row++) {
        for (let column = max(0, x - 2); column < min(size, x + 2); column++) {
          const there = row * size + column;
          const dx = positions[3 * there]! - positions[3 * here]!;
          const dy = positions[3 * there + 1]! - positions[3 * here + 1]!;
          const dz = positions[3 * there + 2]! - positions[3 * here + 2]!;
          if (dx * dx + dy * dy + dz * dz > apart * apart) continue;
          ambient += raw.ambient[there]!;
          near++;
          if (raw.key[there] === turnedAway) continue;
          key += raw.key[there]!;
          lit++;
        }
      }
      out.ambient[here] = ambient / near;
      out.key[here] = raw.key[here] === turnedAway ? 0 : key / lit;
    }
  }
  return out;
}
