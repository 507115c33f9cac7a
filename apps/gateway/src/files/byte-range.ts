/** The first and the last byte of a part of a file, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * What a Range header (RFC 9110 §14.2) asks of a file of `size` bytes: a part of it, the whole, or nothing that is there.
 * Several ranges at once, other units and what cannot be read are ignored, as the standard allows: the answer is the whole.
 */
export function byteRangeOf(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') return suffixOf(Number(last), size);
  if (last !== '' && BigInt(last) < BigInt(first)) return 'whole'; // as numbers, two beyond 2^53 may be the same
  if (Number(first) >= size) return 'unsatisfiable';
  return { first: Number(first), last: Math.min(last === '' ? size - 1 : Number(last), size - 1) };
}

function suffixOf(length: number, size: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  return { first: Math.max(0, size - length), last: size - 1 };
}
