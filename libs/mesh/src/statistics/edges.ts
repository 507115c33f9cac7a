const { ceil, imul, log2, max, min } = Math;

/** How the edges of a surface meet. */
export interface EdgeCount {
  /** Edges of one triangle only: the surface has a hole. */
  open: number;
  /** Edges of three triangles or more. */
  nonManifold: number;
  /** Edges of two triangles that face opposite ways. */
  flipped: number;
}

/**
 * Counts the edges of triangles given by vertex numbers (three per triangle); vertices at one place must share one number.
 * Triangles with two equal corners have no area and are passed over.
 */
export function countEdges(corners: ArrayLike<number>): EdgeCount {
  const edges = new EdgeTable(corners.length);
  for (let i = 0; i + 2 < corners.length; i += 3) {
    const [a, b, c] = [corners[i]!, corners[i + 1]!, corners[i + 2]!];
    if (a === b || b === c || c === a) continue;
    edges.add(a, b);
    edges.add(b, c);
    edges.add(c, a);
  }
  return edges.count();
}

/** Which edges, as pairs of vertex numbers, belong to three triangles or more. */
export function nonManifoldEdges(corners: ArrayLike<number>): [number, number][] {
  const edges = new EdgeTable(corners.length);
  for (let i = 0; i + 2 < corners.length; i += 3) {
    for (let k = 0; k < 3; k++) edges.add(corners[i + k]!, corners[i + ((k + 1) % 3)]!);
  }
  return edges.crowded();
}

/** Undirected edges with the number of triangles that run along them either way; open addressing in typed arrays. */
class EdgeTable {
  private readonly low: Int32Array;
  private readonly high: Uint32Array;
  private readonly upwards: Uint32Array;
  private readonly downwards: Uint32Array;
  private readonly mask: number;

  constructor(capacity: number) {
    const size = 2 ** ceil(log2(max(16, capacity * 1.5)));
    this.low = new Int32Array(size).fill(-1);
    this.high = new Uint32Array(size);
    this.upwards = new Uint32Array(size);
    this.downwards = new Uint32Array(size);
    this.mask = size - 1;
  }

  add(from: number, to: number): void {
    const low = min(from, to);
    const high = max(from, to);
    const mixed = imul(low, 0x9e3779b1) ^ imul(high, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & this.mask;
    while (this.low[slot] !== -1 && (this.low[slot] !== low || this.high[slot] !== high)) slot = (slot + 1) & this.mask;
    this.low[slot] = low;
    this.high[slot] = high;
    if (from === low) this.upwards[slot]!++;
    else this.downwards[slot]!++;
  }

  count(): EdgeCount {
    const result = { open: 0, nonManifold: 0, flipped: 0 };
    for (let slot = 0; slot <= this.mask; slot++) {
      const triangles = this.upwards[slot]! + this.downwards[slot]!;
      if (triangles === 1) result.open++;
      else if (triangles > 2) result.nonManifold++;
      else if (triangles === 2 && this.upwards[slot] !== 1) result.flipped++;
    }
    return result;
  }

  crowded(): [number, number][] {
    const edges: [number, number][] = [];
    for (let slot = 0; slot <= this.mask; slot++) {
      if (this.upwards[slot]! + this.downwards[slot]! > 2) edges.push([this.low[slot]!, this.high[slot]!]);
    }
    return edges;
  }
}
