/**
 * Where cell `position` of a grid lies between the cells of the same grid at half the size: the two nearest of its `count`
 * cells along one axis, and the share of the second.
 */
export function betweenHalved(position: number, count: number): [low: number, high: number, share: number] {
  const centre = Math.min(count - 1, Math.max(0, (position - 0.5) / 2));
  const low = Math.floor(centre);
  return [low, Math.min(count - 1, low + 1), centre - low];
}
