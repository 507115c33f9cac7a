const longest = 255;

/** The name a client gave its file, without what no name needs: folders, control and direction characters, a mile of length. */
export function uploadedName(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1)!;
  const clean = last.normalize('NFC').replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
  return [...clean].slice(0, longest).join('').trim();
}
