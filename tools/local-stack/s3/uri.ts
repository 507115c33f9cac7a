import { S3Error } from './errors.js';

/** S3 limits a key to 1024 bytes of UTF-8. */
const maxKeyBytes = 1024;

/** Percent-encodes everything but the unreserved characters of RFC 3986, as Signature Version 4 asks for. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same for a path: the slashes between its segments stay. */
export const uriEncodePath = (path: string): string => path.split('/').map(uriEncode).join('/');

/** What a request line names. An empty bucket is the service itself, an empty key the bucket itself. */
export interface Target {
  /** The path as it was sent, still encoded and never normalised: the client signed exactly this. */
  path: string;
  bucket: string;
  key: string;
  /** Decoded names and values in the order they were sent. */
  query: readonly (readonly [name: string, value: string])[];
}

/** Reads a request target in path style. Throws InvalidURI for broken escapes, KeyTooLongError, InvalidArgument for NUL. */
export function parseTarget(url: string): Target {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const [, bucket, key = ''] = /^\/([^/]*)(?:\/([^]*))?$/.exec(path) ?? [];
  if (bucket === undefined) throw new S3Error('InvalidURI');
  const query =
    mark < 0
      ? []
      : url
          .slice(mark + 1)
          .split('&')
          .filter(Boolean)
          .map(decodePair);
  const target = { path, bucket: decode(bucket), key: decode(key), query };
  checkKey(target.key);
  return target;
}

/** A key any object may have. Throws KeyTooLongError or InvalidArgument. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > maxKeyBytes) throw new S3Error('KeyTooLongError');
  if (key.includes('\0')) throw new S3Error('InvalidArgument', 'a key cannot contain NUL');
}

function decodePair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}
