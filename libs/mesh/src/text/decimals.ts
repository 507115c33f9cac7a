import { boundsOf } from '../scene/bounds.js';

/** Enough decimals to tell apart what single precision tells apart, whatever the size of the model: 3 to 12. */
export function decimalsFor(positions: Iterable<Float32Array>, unitsPerMetre = 1): number {
  const diagonal = (boundsOf(positions)?.diagonal || 1) * unitsPerMetre;
  return Math.min(12, Math.max(3, Math.ceil(7 - Math.log10(diagonal))));
}
