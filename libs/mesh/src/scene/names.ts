/**
 * Turns any text into a name that is safe in file names, OBJ and MTL: letters and digits of every script stay,
 * spaces, quotes and separators become underscores. Empty input gives `fallback`.
 */
export function safeName(text: string, fallback = 'unnamed'): string {
  const name = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .replace(/^[._]+|[._]+$/gu, '');
  return Array.from(name).slice(0, 80).join('') || fallback;
}

/** Hands every name out once: the second `chair` becomes `chair_2`. */
export class UniqueNames {
  private readonly taken = new Set<string>();

  of(name: string): string {
    let unique = name;
    for (let n = 2; this.taken.has(unique); n++) unique = `${name}_${n}`;
    this.taken.add(unique);
    return unique;
  }
}
