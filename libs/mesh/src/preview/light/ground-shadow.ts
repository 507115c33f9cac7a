import type { Camera } from '../camera.js';
import type { DrawnMesh } from '../surface/drawn-mesh.js';
import { smoothstep } from '../vector.js';
import { scan } from '../surface/visibility.js';
import type { Vec3 } from '../../scene/scene.js';

/** Texels of the ground map, each way. */
const side = 192;
/** The map reaches this much further than the model, as a share of its radius. */
const around = 0.55;
/**
 * Slices of the model by height (shares of its radius), each with a shadow of its own: the higher the slice, the softer,
 * fainter and further from the lamp.
 */
const slices = [
  { below: 0.03, blur: 0.022, dark: 0.58 },
  { below: 0.12, blur: 0.05, dark: 0.34 },
  { below: 0.4, blur: 0.1, dark: 0.27 },
  { below: 2, blur: 0.17, dark: 0.14 },
];

/** The soft shadow a model casts on the ground it stands on. */
export class GroundShadow {
  private readonly map = new Float32Array(side * side);
  private readonly texelsPerUnit: number;

  constructor(
    meshes: DrawnMesh[],
    private readonly camera: Camera,
    toLamp: Vec3,
  ) {
    this.texelsPerUnit = side / 2 / (camera.radius * (1 + around));
    const heights = this.heights(meshes);
    let open = new Float32Array(side * side).fill(1);
    for (const { below, blur, dark } of slices) {
      const shadow = heights.map((height) => (height < below * camera.radius ? 1 : 0));
      const texels = blur * camera.radius * this.texelsPerUnit;
      const soft = blurred(shadow, texels);
      const lean = Math.min(below, 0.6) * 0.3 * camera.radius * this.texelsPerUnit;
      open = open.map((value, i) => value * (1 - dark * shifted(soft, i, toLamp[0] * lean, toLamp[2] * lean)));
    }
    this.map = open.map((value) => 1 - value);
  }

  /** How dark the ground is where a sample looks: 0–1; 0 where it looks above the horizon. */
  darkness(x: number, y: number): number {
    const { camera } = this;
    const ray = camera.ray(x, y);
    if (ray[1] >= -1e-6) return 0;
    const far = (camera.ground - camera.eye[1]) / ray[1];
    if (far <= 0) return 0;
    const column = this.column(camera.eye[0] + ray[0] * far, 0);
    const row = this.column(camera.eye[2] + ray[2] * far, 2);
    const edge = Math.min(x, y, camera.samples - x, camera.samples - y) / camera.samples;
    return this.read(column, row) * smoothstep(0.01, 0.12, edge) * smoothstep(0, 0.12, -ray[1]);
  }

  private column(value: number, axis: 0 | 2): number {
    return (value - this.camera.center[axis]) * this.texelsPerUnit + side / 2;
  }

  /** Height of the lowest surface above every texel; infinite where there is none. */
  private heights(meshes: DrawnMesh[]): Float32Array {
    const heights = new Float32Array(side * side).fill(Infinity);
    for (const mesh of meshes) {
      const { positions, material } = mesh;
      if (material.alphaMode === 'BLEND' && material.baseColor[3] < 0.5) continue;
      const count = positions.length / 3;
      const screen = { x: new Float32Array(count), y: new Float32Array(count), nearness: new Float32Array(count) };
      for (let i = 0; i < count; i++) {
        screen.x[i] = this.column(positions[3 * i]!, 0);
        screen.y[i] = this.column(positions[3 * i + 2]!, 2);
        screen.nearness[i] = positions[3 * i + 1]! - this.camera.ground;
      }
      scan({ ...mesh, screen, material: { ...material, doubleSided: true } }, side, (texel, height) => {
        heights[texel] = Math.min(heights[texel]!, height);
      });
    }
    return heights;
  }

  private read(x: number, y: number): number {
    const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
    if (left < 0 || top < 0 || left + 1 >= side || top + 1 >= side) return 0;
    const [fx, fy] = [x - 0.5 - left, y - 0.5 - top];
    const at = top * side + left;
    const upper = this.map[at]! * (1 - fx) + this.map[at + 1]! * fx;
    const lower = this.map[at + side]! * (1 - fx) + this.map[at + side + 1]! * fx;
    return upper * (1 - fy) + lower * fy;
  }
}

function shifted(map: Float32Array, texel: number, dx: number, dy: number): number {
  const x = Math.round((texel % side) + dx);
  const y = Math.round(Math.floor(texel / side) + dy);
  return x < 0 || y < 0 || x >= side || y >= side ? 0 : map[y * side + x]!;
}

/** Three box blurs in a row come close to a Gaussian one. */
function blurred(map: Float32Array, radius: number): Float32Array {
  let result = map;
  for (let pass = 0; pass < 3; pass++) {
    result = boxBlurred(
      boxBlurred(result, Math.max(1, Math.round(radius)), 1, side),
      Math.max(1, Math.round(radius)),
      side,
      1,
    );
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
