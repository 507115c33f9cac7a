import type { Camera } from '../camera.js';
import { finePerPixel } from '../surface/screen.js';
import { nowhere, type SeenPoints } from './seen-points.js';

const { cos, floor, max, round, sin, sqrt } = Math;

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
 * estimator of McGuire et al., "The Alchemy Screen-Space Ambient Obscurance Algorithm" (2011), not smoothed.
 */
export function openness(points: SeenPoints, camera: Camera): Float32Array {
  const { size, positions } = points;
  const open = new Float32Array(size * size).fill(1);
  const pixels = (camera.extent.radius * reach * camera.samplesPerUnit) / finePerPixel;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (positions[3 * (y * size + x)] !== nowhere) open[y * size + x] = opennessAt(points, x, y, pixels);
    }
  }
  return open;
}

/** `pixels`: how many the reach is on the screen. */
function opennessAt({ size, positions, normals }: SeenPoints, x: number, y: number, pixels: number): number {
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
