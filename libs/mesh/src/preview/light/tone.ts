const { max, min } = Math;

/** Light up to here is shown as it is. */
const start = 0.74;
const desaturation = 0.15;
/**
 * What every dielectric mirrors of its surroundings, as far as it is taken away again. The standard takes 0.04, all of it,
 * and with it from black things the gloss by which one sees their shape.
 */
const veil = 0.014;

/**
 * Fits light of any strength into 0–1 while base colours stay what the artist chose: the Khronos PBR Neutral tone mapper
 * (2024), with a smaller toe. Changes the three values in place.
 */
export function toneMap(color: Float64Array): void {
  const red = color[0]!;
  const green = color[1]!;
  const blue = color[2]!;
  const least = min(red, green, blue);
  const offset = least < 2 * veil ? least - (least * least) / (4 * veil) : veil;
  const peak = max(red, green, blue) - offset;
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
