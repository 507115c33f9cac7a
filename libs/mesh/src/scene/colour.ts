/** Encodes a linear colour value (0–1) for a screen: IEC 61966-2-1. */
export function toSrgb(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** Decodes a screen colour value (0–1): IEC 61966-2-1. */
export function fromSrgb(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
