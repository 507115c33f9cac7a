import type { SigningKey } from './signing-key.js';

/**
 * Which of the stored keys signs, and which are shown. A new key is shown a while before it signs, so that every verifier knows it by
 * then; an old one is shown for as long as a token that it signed may be good.
 */
type Dated = Pick<SigningKey, 'kid' | 'signsFrom'>;

/** The key that signs at that moment: the newest whose time has come, else the one whose time comes first. */
export function signingAt<K extends Dated>(keys: readonly K[], now: Date): K | null {
  const ordered = inOrder(keys);
  return ordered.findLast(({ signsFrom }) => signsFrom <= now) ?? ordered[0] ?? null;
}

/** Keys that no good token can be of any more: their successor has been signing for longer than a token lives. */
export function outdatedAt<K extends Dated>(keys: readonly K[], now: Date, tokenSeconds: number): K[] {
  const ordered = inOrder(keys);
  return ordered.filter((_, index) => {
    const successor = ordered[index + 1];
    return successor !== undefined && successor.signsFrom.getTime() + tokenSeconds * 1000 < now.getTime();
  });
}

/** Whether the newest key has been signing for so many days that the next one is due. */
export function isRotationDue(keys: readonly Dated[], now: Date, days: number): boolean {
  const newest = inOrder(keys).at(-1);
  return newest !== undefined && newest.signsFrom.getTime() + days * 86_400_000 <= now.getTime();
}

const inOrder = <K extends Dated>(keys: readonly K[]): K[] =>
  keys.toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime() || (a.kid < b.kid ? 1 : -1));
