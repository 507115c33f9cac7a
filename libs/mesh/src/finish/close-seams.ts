import type { Surface } from './surface.js';

/**
 * Makes positions at one place equal to the bit and −0 a plain 0: exporters, slicers and the simplifier all tell an edge
 * by its bits. Triangles without an area are left out.
 */
export function closeSeams(surface: Surface): void {
  const { positions, places, placeCount, indices } = surface;
  const representative = new Int32Array(placeCount).fill(-1);
  for (let vertex = 0; vertex < places.length; vertex++) {
    const place = places[vertex]!;
    if (representative[place] === -1) representative[place] = vertex;
    const source = 3 * representative[place]!;
    for (let axis = 0; axis < 3; axis++) positions[3 * vertex + axis] = positions[source + axis]! + 0;
  }
  surface.indices = withoutSlivers(indices, places);
}

/** Leaves out triangles with two corners at one place. */
export function withoutSlivers(indices: Uint32Array, places: Uint32Array): Uint32Array {
  const kept: number[] = [];
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const [a, b, c] = [places[indices[i]!], places[indices[i + 1]!], places[indices[i + 2]!]];
    if (a !== b && b !== c && c !== a) kept.push(indices[i]!, indices[i + 1]!, indices[i + 2]!);
  }
  return kept.length === indices.length ? indices : Uint32Array.from(kept);
}
