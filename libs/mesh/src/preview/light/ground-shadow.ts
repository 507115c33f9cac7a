import type { Vec3 } from '../../scene/scene.js';
import { type Camera, type Extent, unprojected } from '../camera.js';
import type { DressedMesh } from '../surface/drawn-mesh.js';
import { solidityOf } from '../surface/solidity.js';
import { Visibility } from '../surface/visibility.js';
import { smoothstep } from '../vector.js';

const { floor, max, min, round } = Math;

/** Texels of the ground map, each way. */
const side = 192;
/** The map reaches this much further than the model, as a share of its radius. */
const around = 0.55;
/**
 * Slices of the model by height (shares of its radius), each with a shadow of its own: the higher the slice, the softer,
 * fainter and further from the lamp.
 */
const slices = [
  { below: 0.03, blur: 0.022, dark: 0.55 },
  { below: 0.12, blur: 0.05, dark: 0.34 },
  { below: 0.4, blur: 0.09, dark: 0.25 },
  { below: 2, blur: 0.14, dark: 0.11 },
];
/** Shadow of what one can see through */
const veil = 0.35;

/** How dark the ground is at a place of the screen, 0–1. */
export type Darkness = (x: number, y: number) => number;

/** The soft shadow a model casts on the ground it stands on. */
export class GroundShadow {
  private readonly layers: { map: Float32Array; below: number; dark: number }[];
  private readonly texelsPerUnit: number;

  constructor(
    meshes: DressedMesh[],
    private readonly extent: Extent,
  ) {
    this.texelsPerUnit = side / 2 / (extent.radius * (1 + around));
    const solid = new Visibility({ side, staggered: true });
    const clear = new Visibility({ side, staggered: true });
    for (const mesh of meshes) this.lower(mesh, solid, clear);
    this.layers = slices.map(({ below, blur, dark }) => {
      const least = 2 - below / 2;
      const shade = solid.nearness.map((near, i) => (near >= least ? 1 : clear.nearness[i]! >= least ? veil : 0));
      return { map: blurred(shade, blur * extent.radius * this.texelsPerUnit), below, dark };
    });
  }

  /** The shadow under a lamp in that direction. It is 0 where a camera looks above the horizon. */
  seenBy(camera: Camera, toLamp: Vec3): Darkness {
    const { extent } = this;
    const map = this.under(toLamp);
    const ray = new Float64Array(3);
    return (x, y) => {
      camera.ray(x, y, ray);
      const down = -ray[1]!;
      if (down <= 1e-6) return 0;
      const far = (camera.eye[1] - extent.ground) / down;
      if (far <= 0) return 0;
      const column = this.texel(camera.eye[0] + ray[0]! * far, 0);
      const row = this.texel(camera.eye[2] + ray[2]! * far, 2);
      const edge = min(x, y, camera.samples - x, camera.samples - y) / camera.samples;
      return read(map, column, row) * smoothstep(0, 0.14, edge) * smoothstep(0, 0.12, down);
    };
  }

  private under(toLamp: Vec3): Float32Array {
    const map = new Float32Array(side * side).fill(1);
    for (const { map: shade, below, dark } of this.layers) {
      const lean = min(below, 0.6) * 0.3 * this.extent.radius * this.texelsPerUnit;
      const dx = toLamp[0] * lean;
      const dy = toLamp[2] * lean;
      for (let i = 0; i < map.length; i++) map[i]! *= 1 - dark * shifted(shade, i, dx, dy);
    }
    return map.map((open) => 1 - open);
  }

  private texel(value: number, axis: 0 | 2): number {
    return (value - this.extent.center[axis]) * this.texelsPerUnit + side / 2;
  }

  /** Draws a mesh as seen from below: what is lowest is nearest, 2 on the ground and 1 at a height of two radii. */
  private lower(mesh: DressedMesh, solid: Visibility, clear: Visibility): void {
    const { positions } = mesh;
    const screen = unprojected(positions.length / 3);
    for (let i = 0; i < screen.x.length; i++) {
      screen.x[i] = this.texel(positions[3 * i]!, 0);
      screen.y[i] = this.texel(positions[3 * i + 2]!, 2);
      screen.nearness[i] = 2 - (positions[3 * i + 1]! - this.extent.ground) / (2 * this.extent.radius);
    }
    const drawn = { ...mesh, screen };
    const solidity = solidityOf(drawn, side);
    if (solidity !== false) solid.draw(drawn, 0, true, solidity === true ? null : solidity);
    if (mesh.material.alphaMode === 'BLEND') clear.draw(drawn, 0, true, null);
  }
}

function read(map: Float32Array, x: number, y: number): number {
  const left = floor(x - 0.5);
  const top = floor(y - 0.5);
  if (left < 0 || top < 0 || left + 1 >= side || top + 1 >= side) return 0;
  const fx = x - 0.5 - left;
  const fy = y - 0.5 - top;
  const at = top * side + left;
  const upper = map[at]! * (1 - fx) + map[at + 1]! * fx;
  const lower = map[at + side]! * (1 - fx) + map[at + side + 1]! * fx;
  return upper * (1 - fy) + lower * fy;
}

function shifted(map: Float32Array, texel: number, dx: number, dy: number): number {
  const x = round((texel % side) + dx);
  const y = round(floor(texel / side) + dy);
  return x < 0 || y < 0 || x >= side || y >= side ? 0 : map[y * side + x]!;
}

/** Three box blurs in a row come close to a Gaussian one. */
function blurred(map: Float32Array, texels: number): Float32Array {
  const radius = max(1, round(texels));
  let result = map;
  for (let pass = 0; pass < 3; pass++) {
    result = boxBlurred(boxBlurred(result, radius, 1, side), radius, side, 1);
  }
  return result;
}

/** Mean of the neighbours along one axis; `step` from texel to texel, `line` from line to line. */
function boxBlurred(map: Float32Array, radius: number, step: number, line: number): Float32Array {
  const out = new Float32Array(map.length);
  for (let at = 0; at < side; at++) {
    const first = at * line;
    let sum = 0;
    for (let k = -radius; k < side + radius; k++) {
      if (k + radius < side) sum += map[first + (k + radius) * step]!;
      if (k - radius - 1 >= 0) sum -= map[first + (k - radius - 1) * step]!;
      if (k >= 0 && k < side) out[first + k * step] = sum / (2 * radius + 1);
    }
  }
  return out;
}
