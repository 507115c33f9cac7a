/** The strong validator of a file (RFC 9110 §8.8.3): its bytes never change under their hash. */
export const entityTag = (sha256: string): string => `"${sha256}"`;

/** Whether an If-None-Match header names the tag: then the caller has the bytes already (weak comparison, §8.8.3.2). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((entry) => entry.trim().replace(/^W\//, '') === tag);
}
