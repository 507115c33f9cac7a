import { S3Error } from '../errors.js';

/** The first and the last byte to send, both included. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * Reads a Range header (RFC 9110, section 14). One range of bytes is served; several ranges, other units and nonsense are
 * ignored, which means the whole object. Throws InvalidRange when the range lies outside the object.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (from > to) throw new S3Error('InvalidRange', undefined, { headers: { 'content-range': `bytes */${size}` } });
  return { from, to };
}
