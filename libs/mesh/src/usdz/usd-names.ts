import { UniqueNames } from '../scene/names.js';

/** Path of the prim everything hangs below; a USDZ must name a default prim to be placed in a scene. */
export const rootPath = '/Root';
/** The child of the root that holds the materials. */
export const materialScope = 'Materials';

/** Names of prims: ASCII identifiers, each once below its parent (OpenUSD, "SdfPath": letters, digits and underscores). */
export class PrimNames {
  private readonly names = new UniqueNames();

  constructor(...taken: string[]) {
    for (const name of taken) this.names.of(name);
  }

  /** An identifier like the name; `fallback` where no ASCII letter or digit is in it. */
  of(name: string, fallback: string): string {
    const ascii = asciiOf(name) || fallback;
    return this.names.of(/^\d/.test(ascii) ? `_${ascii}` : ascii);
  }
}

/** The letters and digits of a name without their accents, others as underscores; empty when none is left. */
export function asciiOf(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '');
  return letters
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 80);
}

/**
 * A string as a USD text layer quotes it. Control characters and halves of surrogate pairs become spaces, square brackets
 * round ones: three.js takes them for the start of a list even inside a string.
 */
export function quoted(text: string): string {
  const printable = text
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ')
    .replaceAll('[', '(')
    .replaceAll(']', ')');
  return `"${printable.replace(/[\\"']/g, (character) => `\\${character}`)}"`;
}
