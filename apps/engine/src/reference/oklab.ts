/**
 * Colour as people see it: Oklab (Björn Ottosson, 2020), from and to 8-bit sRGB.
 * Lightness is 0..1; a and b are about -0.4..0.4; equal distances look equally different.
 */
export type Lab = [lightness: number, a: number, b: number];

const linearOf = Float64Array.from({ length: 256 }, (_, byte) => toLinear(byte / 255));

/** One sRGB channel, 0..1, as light. */
export function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function fromLinear(light: number): number {
  const clamped = Math.min(1, Math.max(0, light));
  return clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
}

/** An sRGB colour of three bytes in Oklab. */
export function labOf(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linearOf[red]!, linearOf[green]!, linearOf[blue]!];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** The nearest sRGB bytes to an Oklab colour; what sRGB cannot show is clipped. */
export function bytesOf([lightness, a, b]: Lab): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const light = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return light.map((channel) => Math.round(255 * fromLinear(channel))) as [number, number, number];
}

/** How different two colours look; 0.02 is just visible, 1 is black against white. */
export function difference(one: Lab, other: Lab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/** The bytes of a colour written `#rrggbb`. */
export function bytesOfHex(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
