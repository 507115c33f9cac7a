import { nonManifoldEdges } from '../../statistics/edges.js';
import { withoutSlivers } from '../close-seams.js';
import { cornersOf, type Surface } from '../surface.js';

const maxRounds = 12;

/**
 * Decimation can pinch a neck until two sheets share an edge. Collapsing that edge separates them again: the oriented
 * boundary of a closed surface stays empty under any merging of vertices, so no hole can open. Changes positions and
 * places of the surface and returns the remaining triangles.
 */
export function unpinched(surface: Surface): Uint32Array {
  let current = surface.indices;
  for (let round = 0; round < maxRounds; round++) {
    const pinched = nonManifoldEdges(cornersOf(surface, current));
    if (pinched.length === 0) break;
    mergePlaces(surface, pinched);
    current = withoutTwins(withoutSlivers(current, surface.places), surface.places);
  }
  return current;
}

/** Moves one end of every edge onto the other. */
function mergePlaces({ positions, places }: Surface, edges: [number, number][]): void {
  const mergedInto = new Map<number, number>();
  for (const [kept, lost] of edges) {
    if (!mergedInto.has(kept) && !mergedInto.has(lost)) mergedInto.set(lost, kept);
  }
  const kept = new Set(mergedInto.values());
  const at = new Map<number, number>();
  for (let vertex = 0; vertex < places.length; vertex++) {
    if (kept.has(places[vertex]!)) at.set(places[vertex]!, vertex);
  }
  for (let vertex = 0; vertex < places.length; vertex++) {
    const place = mergedInto.get(places[vertex]!);
    if (place === undefined) continue;
    places[vertex] = place;
    positions.copyWithin(3 * vertex, 3 * at.get(place)!, 3 * at.get(place)! + 3);
  }
}

/** Leaves out pairs of triangles that lie on each other face to face: a sheet without thickness. */
function withoutTwins(indices: Uint32Array, places: Uint32Array): Uint32Array {
  const open = new Map<string, number[]>();
  const dropped = new Set<number>();
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const corners = [places[indices[i]!]!, places[indices[i + 1]!]!, places[indices[i + 2]!]!];
    const start = corners.indexOf(Math.min(...corners));
    const [a, b, c] = [corners[start]!, corners[(start + 1) % 3]!, corners[(start + 2) % 3]!];
    const twin = open.get(`${a},${c},${b}`)?.pop();
    if (twin === undefined) {
      const key = `${a},${b},${c}`;
      open.set(key, [...(open.get(key) ?? []), i]);
    } else {
      dropped.add(i).add(twin);
    }
  }
  return dropped.size === 0 ? indices : indices.filter((_, i) => !dropped.has(i - (i % 3)));
}
