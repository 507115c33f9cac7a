/** Numbers equal positions equally, so that a mesh stays connected across its UV seams. Compares bits; −0 counts as 0. */
export class Places {
  private readonly slots: Int32Array;
  private readonly bits: Uint32Array;
  private readonly values: Float32Array;
  private size = 0;

  /** `capacity`: the most positions that will be added. */
  constructor(capacity: number) {
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)))).fill(-1);
    // one spare position: the candidate
    this.values = new Float32Array((capacity + 1) * 3);
    this.bits = new Uint32Array(this.values.buffer);
  }

  numberOf(x: number, y: number, z: number): number {
    const { slots, bits, values } = this;
    const candidate = 3 * this.size;
    values[candidate] = x + 0;
    values[candidate + 1] = y + 0;
    values[candidate + 2] = z + 0;
    const [bx, by, bz] = [bits[candidate]!, bits[candidate + 1]!, bits[candidate + 2]!];
    const mixed = Math.imul(bx, 73856093) ^ Math.imul(by, 19349663) ^ Math.imul(bz, 83492791);
    let slot = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 7;
    for (slot &= slots.length - 1; slots[slot] !== -1; slot = (slot + 1) & (slots.length - 1)) {
      const at = 3 * slots[slot]!;
      if (bits[at] === bx && bits[at + 1] === by && bits[at + 2] === bz) return slots[slot]!;
    }
    slots[slot] = this.size;
    return this.size++;
  }

  /** How many different places there are. */
  get count(): number {
    return this.size;
  }

  /** x, y, z of every place, multiplied. */
  coordinates(factor: number): Float64Array {
    return Float64Array.from(this.values.subarray(0, 3 * this.size), (value) => value * factor);
  }
}

/** Positions that were numbered together: the places, and for every part the place of each of its vertices. */
export interface Welded {
  places: Places;
  numbers: Uint32Array[];
}

/** Numbers the positions of several parts as one; `rounded` is applied to every coordinate first. */
export function welded(parts: { positions: Float32Array }[], rounded = (value: number): number => value): Welded {
  const places = new Places(parts.reduce((sum, { positions }) => sum + positions.length / 3, 0));
  const numbers = parts.map(({ positions: p }) => {
    const ofPart = new Uint32Array(p.length / 3);
    for (let i = 0; i < ofPart.length; i++) {
      ofPart[i] = places.numberOf(rounded(p[3 * i]!), rounded(p[3 * i + 1]!), rounded(p[3 * i + 2]!));
    }
    return ofPart;
  });
  return { places, numbers };
}
