import { type FileView, Problem } from '#contracts';
import { type ByteRange, byteRangeOf } from './byte-range.js';
import { attachment } from '#runtime';
import { entityTag, namesTag } from './entity-tag.js';

/** What a request says about the bytes it wants. */
export interface DownloadRequest {
  method: string;
  headers: { range?: string; 'if-range'?: string; 'if-none-match'?: string };
}

/** The answer to it, before any byte is fetched. */
export interface DownloadAnswer {
  status: 200 | 206 | 302 | 304;
  headers: Record<string, string>;
  /** Which bytes follow; null when none do. */
  bytes: ByteRange | 'whole' | null;
}

/**
 * How a file is answered: whole, in part, or "you have it already" (RFC 9110 §13.2.2 gives the order of the questions). With an
 * address that the client may read the bytes at, a GET is left to the store there; the address is good for no other method.
 */
export function answerDownload(
  file: FileView,
  { method, headers }: DownloadRequest,
  publicUrl?: string,
): DownloadAnswer {
  const tag = entityTag(file.sha256);
  const validators = { etag: tag, 'cache-control': 'private, max-age=31536000, immutable' };
  if (namesTag(headers['if-none-match'], tag)) return { status: 304, headers: validators, bytes: null };
  if (publicUrl !== undefined && method === 'GET') return elsewhere(publicUrl);

  const fresh = headers['if-range'] === undefined || headers['if-range'] === tag;
  // a range is defined for GET only (RFC 9110 §14.2)
  const range = method === 'GET' && fresh ? byteRangeOf(headers.range, file.size_bytes) : 'whole';
  if (range === 'unsatisfiable') throw notSatisfiable(file);

  const described = { ...validators, ...descriptionOf(file) };
  if (range === 'whole') {
    const whole = { ...described, 'content-length': String(file.size_bytes) };
    return { status: 200, headers: whole, bytes: method === 'HEAD' || file.size_bytes === 0 ? null : 'whole' };
  }
  const part = {
    'content-length': String(range.last - range.first + 1),
    'content-range': `bytes ${range.first}-${range.last}/${file.size_bytes}`,
  };
  return { status: 206, headers: { ...described, ...part }, bytes: range };
}

/** The address opens the file to whoever knows it: nobody keeps it, and no page hands it on. */
const elsewhere = (url: string): DownloadAnswer => ({
  status: 302,
  headers: { location: url, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  bytes: null,
});

const notSatisfiable = ({ size_bytes }: FileView): Problem =>
  new Problem('range_not_satisfiable', `The file has ${size_bytes} bytes`, { members: { size_bytes } });

/** Whatever the bytes are, a browser saves them and runs nothing of them. */
const descriptionOf = ({ media_type, filename, created_at }: FileView): Record<string, string> => ({
  'content-type': media_type,
  'content-disposition': attachment(filename),
  'last-modified': new Date(created_at).toUTCString(),
  'accept-ranges': 'bytes',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
});
