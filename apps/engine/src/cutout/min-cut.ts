/**
 * The cheapest way to split a grid of cells in two, each cell joined to its eight neighbours: the maximum-flow algorithm of
 * Boykov and Kolmogorov, "An Experimental Comparison of Min-Cut/Max-Flow Algorithms" (2004), on typed arrays.
 */
const free = 0;
const source = 1;
const sink = 2;
/** Values of `parent` beside a direction 0..7. */
const terminal = 8;
const orphan = 9;

/** Steps to the eight neighbours; the way back from direction d is 7 - d. */
export const neighbourSteps: readonly (readonly [dx: number, dy: number])[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
];

export class GridCut {
  /** Capacity from a cell towards each neighbour: `cell * 8 + direction`. Links that leave the grid stay 0. */
  readonly links: Float32Array;
  /** Capacity from the source (above 0) or to the sink (below 0) of each cell. */
  readonly terminals: Float32Array;

  private readonly offsets: readonly number[];
  private readonly tree: Uint8Array;
  private readonly parent: Uint8Array;
  private readonly active: number[] = [];
  private readonly queued: Uint8Array;
  private readonly orphans: number[] = [];
  /** Steps from a cell to its terminal, true while `checked` is the current round. */
  private readonly distance: Int32Array;
  private readonly checked: Int32Array;
  private round = 0;

  constructor(width: number, height: number) {
    const cells = width * height;
    this.links = new Float32Array(cells * 8);
    this.terminals = new Float32Array(cells);
    this.offsets = neighbourSteps.map(([dx, dy]) => dy * width + dx);
    this.tree = new Uint8Array(cells);
    this.parent = new Uint8Array(cells);
    this.queued = new Uint8Array(cells);
    this.distance = new Int32Array(cells);
    this.checked = new Int32Array(cells);
  }

  /** Finds the cut; afterwards `links` and `terminals` hold what is left of them. One byte a cell, 1 on the source's side. */
  solve(): Uint8Array {
    this.terminals.forEach((capacity, cell) => {
      if (capacity === 0) return;
      this.tree[cell] = capacity > 0 ? source : sink;
      this.parent[cell] = terminal;
      this.activate(cell);
    });
    for (let head = 0; head < this.active.length; head++) {
      const cell = this.active[head]!;
      this.queued[cell] = 0;
      this.exhaust(cell);
    }
    return this.tree.map((tree) => (tree === source ? 1 : 0));
  }

  private activate(cell: number): void {
    if (this.queued[cell]) return;
    this.queued[cell] = 1;
    this.active.push(cell);
  }

  /** Grows the cell's tree from it until it finds no more ways to the other tree. */
  private exhaust(cell: number): void {
    for (let direction = 0; direction < 8 && this.tree[cell] !== free; direction++) {
      while (this.residual(cell, direction) > 0) {
        const next = cell + this.offsets[direction]!;
        if (this.tree[next] === this.tree[cell]) break;
        if (this.tree[next] === free) {
          this.tree[next] = this.tree[cell]!;
          this.parent[next] = 7 - direction;
          this.activate(next);
          break;
        }
        if (this.tree[cell] === source) this.augment(cell, direction);
        else this.augment(next, 7 - direction);
        this.adoptAll();
        if (this.tree[cell] === free) return;
      }
    }
  }

  /** What may still flow between a cell and its neighbour, in the sense of the cell's tree. */
  private residual(cell: number, direction: number): number {
    if (this.tree[cell] === source) return this.links[cell * 8 + direction]!;
    const next = cell + this.offsets[direction]!;
    return next < 0 || next >= this.tree.length ? 0 : this.links[next * 8 + 7 - direction]!;
  }

  /** Pushes all it can along the path that crosses from the source's tree at `cell`. */
  private augment(cell: number, direction: number): void {
    const crossing = cell * 8 + direction;
    const other = cell + this.offsets[direction]!;
    const amount = Math.min(this.links[crossing]!, this.bottleneck(cell), this.bottleneck(other));
    this.links[crossing] = this.links[crossing]! - amount;
    this.links[other * 8 + 7 - direction] = this.links[other * 8 + 7 - direction]! + amount;
    this.push(cell, amount);
    this.push(other, amount);
  }

  private bottleneck(start: number): number {
    let [cell, least] = [start, Infinity];
    while (this.parent[cell] !== terminal) {
      least = Math.min(least, this.upward(cell));
      cell += this.offsets[this.parent[cell]!]!;
    }
    return Math.min(least, Math.abs(this.terminals[cell]!));
  }

  /** The capacity of the link that ties a cell to its parent, in the direction of flow. */
  private upward(cell: number): number {
    return this.links[this.upwardLink(cell)]!;
  }

  private upwardLink(cell: number): number {
    const direction = this.parent[cell]!;
    if (this.tree[cell] === sink) return cell * 8 + direction;
    return (cell + this.offsets[direction]!) * 8 + 7 - direction;
  }

  private push(start: number, amount: number): void {
    const fromSource = this.tree[start] === source;
    let cell = start;
    while (this.parent[cell] !== terminal) {
      const next = cell + this.offsets[this.parent[cell]!]!;
      const link = this.upwardLink(cell);
      const back = fromSource ? cell * 8 + this.parent[cell]! : next * 8 + 7 - this.parent[cell]!;
      this.links[link] = this.links[link]! - amount;
      this.links[back] = this.links[back]! + amount;
      if (this.links[link] <= 0) this.orphan(cell);
      cell = next;
    }
    this.terminals[cell] = this.terminals[cell]! + (fromSource ? -amount : amount);
    if (fromSource ? this.terminals[cell]! <= 0 : this.terminals[cell]! >= 0) this.orphan(cell);
  }

  private orphan(cell: number): void {
    this.parent[cell] = orphan;
    this.orphans.push(cell);
  }

  /** Finds every orphan a new parent in its own tree, or sets it free. */
  private adoptAll(): void {
    this.round++;
    while (this.orphans.length > 0) this.adopt(this.orphans.pop()!);
  }

  private adopt(cell: number): void {
    const siblings = this.suppliers(cell);
    let nearest = Infinity;
    for (const direction of siblings) {
      const distance = this.distanceToTerminal(cell + this.offsets[direction]!);
      if (distance >= nearest) continue;
      nearest = distance;
      this.parent[cell] = direction;
    }
    if (nearest < Infinity) {
      this.distance[cell] = nearest + 1;
      this.checked[cell] = this.round;
      return;
    }
    for (const direction of siblings) this.activate(cell + this.offsets[direction]!);
    this.abandonChildren(cell);
    this.tree[cell] = free;
  }

  /** Directions of the neighbours in the same tree that could still feed a cell. */
  private suppliers(cell: number): number[] {
    const found: number[] = [];
    for (let direction = 0; direction < 8; direction++) {
      const next = cell + this.offsets[direction]!;
      if (this.tree[next] !== this.tree[cell]) continue;
      const link = this.tree[cell] === source ? next * 8 + 7 - direction : cell * 8 + direction;
      if (this.links[link]! > 0) found.push(direction);
    }
    return found;
  }

  private abandonChildren(cell: number): void {
    for (let direction = 0; direction < 8; direction++) {
      const next = cell + this.offsets[direction]!;
      if (this.tree[next] === this.tree[cell] && this.parent[next] === 7 - direction) this.orphan(next);
    }
  }

  /** Steps up to the terminal; infinite when the way ends at an orphan. */
  private distanceToTerminal(start: number): number {
    let [cell, steps] = [start, 0];
    while (this.checked[cell] !== this.round) {
      if (this.parent[cell] === orphan) return Infinity;
      steps++;
      if (this.parent[cell] === terminal) break;
      cell += this.offsets[this.parent[cell]!]!;
    }
    if (this.checked[cell] === this.round) steps += this.distance[cell]!;
    for (let at = start, left = steps; this.checked[at] !== this.round; left--) {
      this.checked[at] = this.round;
      this.distance[at] = left;
      if (this.parent[at] === terminal) break;
      at += this.offsets[this.parent[at]!]!;
    }
    return steps;
  }
}
