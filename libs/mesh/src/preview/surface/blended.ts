import type { DrawnMesh } from './drawn-mesh.js';
import { Scan } from './scan.js';
import { finePerCell, type Screen } from './screen.js';

/** A translucent triangle seen in a cell: `share` of the cell is not hidden by something solid. */
export type BlendedVisit = (mesh: DrawnMesh, triangle: number, cell: number, share: number) => void;

/** Calls `visit` for every cell of every translucent triangle, the farthest triangle first. */
export function scanBlended(meshes: DrawnMesh[], screen: Screen, visit: BlendedVisit): void {
  const blended = meshes.filter(({ material }) => material.alphaMode === 'BLEND');
  if (blended.length === 0) return;
  const grid = { side: screen.cells, staggered: true };
  const scans = blended.map((mesh) => new Scan(inCells(mesh), grid, mesh.material.doubleSided));
  for (const { mesh, triangle } of farthestFirst(blended)) {
    const scan = scans[mesh]!;
    if (!scan.select(triangle)) continue;
    for (let y = scan.top; y <= scan.bottom; y++) {
      for (let x = scan.enter(y); x <= scan.right; x++) {
        const share = scan.covers(x) ? openShare(screen, x, y, scan.nearness) : 0;
        if (share > 0) visit(blended[mesh]!, triangle, y * grid.side + x, share);
      }
    }
  }
}

const inCells = ({ indices, screen }: DrawnMesh) => ({
  indices,
  screen: {
    x: screen.x.map((x) => x / finePerCell),
    y: screen.y.map((y) => y / finePerCell),
    nearness: screen.nearness,
  },
});

/** The share of a cell's samples in which nothing solid is nearer. */
function openShare({ side, solid }: Screen, x: number, y: number, nearness: number): number {
  const first = finePerCell * (y * side + x);
  let open = 0;
  for (let row = 0; row < finePerCell; row++) {
    for (let column = 0; column < finePerCell; column++) {
      if (solid.nearness[first + row * side + column]! < nearness) open++;
    }
  }
  return open / (finePerCell * finePerCell);
}

function* farthestFirst(meshes: DrawnMesh[]): Generator<{ mesh: number; triangle: number }> {
  const count = meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  const nearness = new Float32Array(count);
  const owner = new Uint32Array(count);
  const number = new Uint32Array(count);
  let at = 0;
  for (const [mesh, { indices, screen }] of meshes.entries()) {
    for (let i = 0; i + 2 < indices.length; i += 3, at++) {
      nearness[at] =
        screen.nearness[indices[i]!]! + screen.nearness[indices[i + 1]!]! + screen.nearness[indices[i + 2]!]!;
      owner[at] = mesh;
      number[at] = i / 3;
    }
  }
  const order = Uint32Array.from(nearness.keys()).toSorted((a, b) => nearness[a]! - nearness[b]!);
  for (const one of order) yield { mesh: owner[one]!, triangle: number[one]! };
}
