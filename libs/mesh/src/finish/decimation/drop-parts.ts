import { partsOf } from '../../statistics/parts.js';
import { cornersOf, type Surface } from '../surface.js';

/** A part that is to keep its shape needs about this many triangles. */
const trianglesPerPart = 16;

/**
 * Leaves out the smallest separate parts (noise, floating crumbs) until the others fit into `target` triangles, or can be
 * decimated into them with a shape left. The largest part always stays.
 */
export function withoutSmallParts(surface: Surface, target: number): Uint32Array {
  const { indices } = surface;
  const partOf = partsOf(cornersOf(surface, indices), surface.placeCount);
  const bySize = sizesOf(surface, partOf).toSorted((a, b) => a.area - b.area);
  const dropped = new Set<number>();
  let triangles = indices.length / 3;
  for (const { part, triangles: own } of bySize.slice(0, -1)) {
    if (triangles <= target || bySize.length - dropped.size <= target / trianglesPerPart) break;
    dropped.add(part);
    triangles -= own;
  }
  return dropped.size === 0 ? indices : indices.filter((_, i) => !dropped.has(partOf[Math.floor(i / 3)]!));
}

interface PartSize {
  part: number;
  triangles: number;
  area: number;
}

function sizesOf({ positions, indices }: Surface, partOf: Uint32Array): PartSize[] {
  const sizes = new Map<number, PartSize>();
  for (const [triangle, part] of partOf.entries()) {
    const size = sizes.get(part) ?? { part, triangles: 0, area: 0 };
    size.triangles++;
    size.area += areaOf(positions, indices, 3 * triangle);
    sizes.set(part, size);
  }
  return [...sizes.values()];
}

function areaOf(p: Float32Array, indices: Uint32Array, first: number): number {
  const [a, b, c] = [3 * indices[first]!, 3 * indices[first + 1]!, 3 * indices[first + 2]!];
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
