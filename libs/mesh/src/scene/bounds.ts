/** Lowest and highest corner of some positions; `null` for none. */
export function boundsOf(arrays: Iterable<Float32Array>): { min: number[]; max: number[]; diagonal: number } | null {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (const positions of arrays) {
    for (let i = 0; i < positions.length; i++) {
      const value = positions[i]!;
      const axis = i % 3;
      if (value < min[axis]!) min[axis] = value;
      if (value > max[axis]!) max[axis] = value;
    }
  }
  if (min[0] === Infinity) return null;
  const diagonal = Math.hypot(max[0]! - min[0]!, max[1]! - min[1]!, max[2]! - min[2]!);
  return { min, max, diagonal };
}
