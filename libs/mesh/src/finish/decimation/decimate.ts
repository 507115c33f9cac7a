import { MeshoptSimplifier, type SimplifierFlags } from 'meshoptimizer';
import { countEdges, type EdgeCount } from '../../statistics/edges.js';
import { withoutSmallParts } from './drop-parts.js';
import { withoutSlivers } from '../close-seams.js';
import { attributeOf, cornersOf, type Surface } from '../surface.js';
import { unpinched } from './unpinch.js';

/** Bits of the simplifier's vertex lock: in permissive mode this one keeps a seam a seam. */
const keepSeam = 2;
/** Up to this error, relative to the size of the mesh, seams are kept; beyond, they would bend the shape. */
const seamError = 0.05;
/** Across seams the target is always reached: the error is what it costs. */
const anyError = 1e10;
/** A pinched result that cannot be mended is tried again a little coarser. */
const coarser = [1, 0.95, 0.9, 0.85, 0.7];

/** A result below this share of the target gave away more than was asked. */
const enough = 0.8;
/** A result below this one is no likeness any more. */
const acceptable = 0.25;

/** A decimated state of a surface. */
type Result = Pick<Surface, 'indices' | 'positions' | 'places'>;

const trianglesIn = ({ indices }: Result): number => indices.length / 3;

/**
 * A surface reduced to at most `target` triangles, with normals, UVs and colours in the error; `null` when no way leads
 * there. First with every UV seam kept; where that cannot reach the target in shape (many small charts, few triangles),
 * across seams and without crumbs; then with what is less than was asked for, with borders let go, and at last pinched
 * or torn. Up to the last step a surface without open or crowded edges keeps that property.
 */
export async function decimated(surface: Surface, target: number, lockBorder: boolean): Promise<Surface | null> {
  await MeshoptSimplifier.ready;
  const results: Result[] = [];
  for (const result of closedResults(surface, target, lockBorder)) {
    if (trianglesIn(result) <= target && trianglesIn(result) >= Math.floor(target * enough))
      return { ...surface, ...result };
    results.push(result);
  }
  const best = results
    .filter((result) => trianglesIn(result) <= target && trianglesIn(result) >= target * acceptable)
    .toSorted((a, b) => trianglesIn(b) - trianglesIn(a))[0];
  if (best) return { ...surface, ...best };
  if (lockBorder) return decimated(surface, target, false);
  const torn = tornResult(surface, target);
  return torn && { ...surface, ...torn };
}

/** Attempts that keep what was closed closed, the most faithful first. */
function* closedResults(surface: Surface, target: number, lockBorder: boolean): Generator<Result> {
  const border: SimplifierFlags[] = lockBorder ? ['LockBorder'] : [];
  const withSeams = attempt(surface, target, seamError, border);
  if (withSeams) yield withSeams;
  const main = lockBorder ? surface : { ...surface, indices: withoutSmallParts(surface, target) };
  if (trianglesIn(main) <= target) return yield main;
  for (const factor of coarser) {
    const acrossSeams = attempt(main, target * factor, anyError, [...border, 'Permissive']);
    if (acrossSeams) yield acrossSeams;
  }
}

/** The shape at the price of its edges: pinched, or as a cloud of what was left nearest to it. */
function tornResult(surface: Surface, target: number): Result | null {
  const trial = { ...surface, indices: withoutSmallParts(surface, target) };
  if (trianglesIn(trial) <= target) return trial;
  const pinched = simplify(trial, target, anyError, ['Permissive']);
  const [sloppy] = MeshoptSimplifier.simplifySloppy(trial.indices, trial.positions, 3, null, 3 * target, anyError);
  for (const candidate of [pinched, sloppy]) {
    const indices = withoutSlivers(candidate, trial.places);
    if (indices.length <= 3 * target && indices.length >= 3 * target * acceptable) return { ...trial, indices };
  }
  return null;
}

/** One run of the simplifier; `null` when it left a fault behind. */
function attempt(surface: Surface, target: number, error: number, flags: SimplifierFlags[]): Result | null {
  const before = countEdges(cornersOf(surface, surface.indices));
  const trial = { ...surface, positions: surface.positions.slice(), places: surface.places.slice() };
  trial.indices = simplify(trial, Math.floor(target), error, flags);
  if (before.nonManifold === 0) trial.indices = unpinched(trial);
  if (trial.indices.length === 0 || worse(countEdges(cornersOf(trial, trial.indices)), before)) return null;
  return { indices: trial.indices, positions: trial.positions, places: trial.places };
}

/** Whether a fault appeared that was not there before. */
const worse = (after: EdgeCount, before: EdgeCount): boolean =>
  (before.open === 0 && after.open > 0) ||
  (before.nonManifold === 0 && after.nonManifold > 0) ||
  (before.flipped === 0 && after.flipped > 0);

function simplify(surface: Surface, target: number, error: number, flags: SimplifierFlags[]): Uint32Array {
  const { values, stride, weights } = attributes(surface);
  const [result] = MeshoptSimplifier.simplifyWithAttributes(
    surface.indices,
    surface.positions,
    3,
    values,
    stride,
    weights,
    primitiveBorders(surface),
    3 * target,
    error,
    flags,
  );
  return result;
}

/** What a vertex carries besides its position, with its weight in the error: a UV counts twice a normal or colour. */
const weighed = [
  { semantic: 'NORMAL', size: 3, weight: 0.5 },
  { semantic: 'TEXCOORD_0', size: 2, weight: 1 },
  { semantic: 'COLOR_0', size: 3, weight: 0.5 },
];

function attributes(surface: Surface): { values: Float32Array; stride: number; weights: number[] } {
  const present = weighed
    .map(({ semantic, size, weight }) => ({ size, weight, values: attributeOf(surface, semantic, size) }))
    .filter(({ values }) => values !== null);
  const stride = present.reduce((sum, { size }) => sum + size, 0);
  const vertices = surface.places.length;
  const values = new Float32Array(vertices * stride);
  let offset = 0;
  for (const { size, values: own } of present) {
    for (let vertex = 0; vertex < vertices; vertex++) {
      for (let k = 0; k < size; k++) values[vertex * stride + offset + k] = own![vertex * size + k]!;
    }
    offset += size;
  }
  return { values, stride, weights: present.flatMap(({ size, weight }) => Array<number>(size).fill(weight)) };
}

/** Marks the vertices where two primitives meet: a triangle must not be pulled from one material into another. */
function primitiveBorders({ places, placeCount, firstVertex }: Surface): Uint8Array {
  const locks = new Uint8Array(places.length);
  if (firstVertex.length <= 2) return locks;
  const owner = new Int32Array(placeCount).fill(-1);
  const shared = new Uint8Array(placeCount);
  for (let primitive = 0; primitive + 1 < firstVertex.length; primitive++) {
    for (let vertex = firstVertex[primitive]!; vertex < firstVertex[primitive + 1]!; vertex++) {
      const place = places[vertex]!;
      if (owner[place] !== -1 && owner[place] !== primitive) shared[place] = 1;
      owner[place] = primitive;
    }
  }
  return locks.map((_, vertex) => (shared[places[vertex]!] ? keepSeam : 0));
}
