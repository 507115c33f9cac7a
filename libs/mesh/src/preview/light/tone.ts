const start = 0.8 - 0.04;
const desaturation = 0.15;

/**
 * Fits light of any strength into 0–1 while base colours stay what the artist chose: the Khronos PBR Neutral tone mapper
 * (2024). Changes the three values in place.
 */
export function toneMap(color: Float64Array): void {
  const [red, green, blue] = [color[0]!, color[1]!, color[2]!];
  const least = Math.min(red, green, blue);
  const offset = least < 0.08 ? least - 6.25 * least * least : 0.04;
  const peak = Math.max(red, green, blue) - offset;
  if (peak < start) {
    for (let k = 0; k < 3; k++) color[k]! -= offset;
    return;
  }
  const room = 1 - start;
  const newPeak = 1 - (room * room) / (peak + room - start);
  const grey = 1 - 1 / (desaturation * (peak - newPeak) + 1);
  for (let k = 0; k < 3; k++) {
    const mapped = ((color[k]! - offset) * newPeak) / peak;
    color[k] = mapped + (newPeak - mapped) * grey;
  }
}
