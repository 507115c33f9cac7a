import type { Camera } from '../camera.js';
import { type DrawnMesh, MeshFinder } from '../surface/drawn-mesh.js';
import { finePerPixel, type Screen } from '../surface/screen.js';
import { Triangle } from '../surface/triangle.js';

const { cos, floor, max, min, round, sin, sqrt } = Math;

/** Places looked at around every pixel. */
const taps = 14;
/** Reach of the search, as a share of the model's radius. */
const reach = 0.22;
const strength = 1.5;
const goldenAngle = 2.399963;
/** The taps on a disc of radius 1, for each of 16 turns of the disc. */
const angleOf = (i: number): number => floor(i / taps) * 0.39 + (i % taps) * goldenAngle;
const farOf = (i: number): number => sqrt(((i % taps) + 0.5) / taps);
const discX = Float64Array.from({ length: 16 * taps }, (_, i) => cos(angleOf(i)) * farOf(i));
const discY = Float64Array.from({ length: 16 * taps }, (_, i) => sin(angleOf(i)) * farOf(i));

/**
 * How open the surface is towards the ambient light, pixel by pixel: folds and places where parts meet are darker. The
 * estimator of McGuire et al., "The Alchemy Screen-Space Ambient Obscurance Algorithm" (2011), smoothed over 4 × 4 pixels.
 */
export function ambientReach(screen: Screen, meshes: DrawnMesh[], camera: Camera): Float32Array {
  const size = screen.pixels;
  const points = seenPoints(screen, meshes, camera);
  const raw = new Float32Array(size * size).fill(1);
  const pixels = (camera.extent.radius * reach * camera.samplesPerUnit) / finePerPixel;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (points.positions[3 * (y * size + x)] !== nowhere) raw[y * size + x] = openness(points, size, x, y, pixels);
    }
  }
  return smoothed(raw, points, size);
}

/** What every pixel sees. */
interface Points {
  /** From the model's centre, in units of its radius; `nowhere` in a pixel that sees nothing. */
  positions: Float32Array;
  /** Normals of the faces, towards the viewer */
  normals: Float32Array;
}

/** Farther away than any place of the model: it shades nothing. */
const nowhere = 1024;

function seenPoints(screen: Screen, meshes: DrawnMesh[], camera: Camera): Points {
  const { pixels: size } = screen;
  const { center, radius } = camera.extent;
  const positions = new Float32Array(size * size * 3).fill(nowhere);
  const normals = new Float32Array(size * size * 3);
  const at = new Triangle();
  const owner = new MeshFinder(meshes);
  const ray = new Float64Array(3);
  const eye = Float64Array.from(camera.eye, (value, k) => (value - center[k]!) / radius);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sample = screen.seenIn(x, y);
      if (sample < 0) continue;
      const triangle = screen.solid.triangles[sample]!;
      const mesh = owner.of(triangle);
      at.selectFace(mesh, triangle - mesh.firstTriangle);
      camera.ray(screen.xOf(sample), screen.yOf(sample), ray);
      const far = 1 / screen.solid.nearness[sample]!;
      const sign = at.nx * ray[0]! + at.ny * ray[1]! + at.nz * ray[2]! > 0 ? -1 : 1;
      const pixel = 3 * (y * size + x);
      for (let k = 0; k < 3; k++) positions[pixel + k] = eye[k]! + ray[k]! * far;
      normals[pixel] = at.nx * sign;
      normals[pixel + 1] = at.ny * sign;
      normals[pixel + 2] = at.nz * sign;
    }
  }
  return { positions, normals };
}

/** `pixels`: how many the reach is on the screen. */
function openness({ positions, normals }: Points, size: number, x: number, y: number, pixels: number): number {
  const here = 3 * (y * size + x);
  const px = positions[here]!;
  const py = positions[here + 1]!;
  const pz = positions[here + 2]!;
  const nx = normals[here]!;
  const ny = normals[here + 1]!;
  const nz = normals[here + 2]!;
  const turn = ((x & 3) * 4 + (y & 3)) * taps;
  let blocked = 0;
  for (let tap = turn; tap < turn + taps; tap++) {
    const column = round(x + discX[tap]! * pixels);
    const row = round(y + discY[tap]! * pixels);
    if (column < 0 || row < 0 || column >= size || row >= size) continue;
    const there = 3 * (row * size + column);
    const dx = positions[there]! - px;
    const dy = positions[there + 1]! - py;
    const dz = positions[there + 2]! - pz;
    const square = dx * dx + dy * dy + dz * dz;
    const above = dx * nx + dy * ny + dz * nz - reach * 0.02;
    if (above <= 0 || square >= reach * reach) continue;
    blocked += (above * reach * (1 - square / (reach * reach))) / (square + reach * reach * 0.01);
  }
  return max(0.12, 1 - (strength * blocked) / taps);
}

/** The mean over 4 × 4 pixels that lie at about the same depth: hides the pattern the few taps leave. */
function smoothed(raw: Float32Array, { positions }: Points, size: number): Float32Array {
  const out = new Float32Array(raw.length).fill(1);
  const near = reach * reach * 0.1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const here = y * size + x;
      if (positions[3 * here] === nowhere) continue;
      let sum = 0;
      let weight = 0;
      for (let row = max(0, y - 2); row < min(size, y + 2); row++) {
        for (let column = max(0, x - 2); column < min(size, x + 2); column++) {
          const there = row * size + column;
          const dx = positions[3 * there]! - positions[3 * here]!;
          const dy = positions[3 * there + 1]! - positions[3 * here + 1]!;
          const dz = positions[3 * there + 2]! - positions[3 * here + 2]!;
          if (dx * dx + dy * dy + dz * dz > near) continue;
          sum += raw[there]!;
          weight++;
        }
      }
      out[here] = sum / weight;
    }
  }
  return out;
}
