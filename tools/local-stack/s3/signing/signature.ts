import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { uriEncode, uriEncodePath, type Target } from '../uri.js';

/** Where and on which day a signing key is valid: the credential scope of Signature Version 4, service "s3". */
export interface Scope {
  /** YYYYMMDD */
  day: string;
  region: string;
}

/** What a request signature covers. */
export interface Signable {
  method: string;
  target: Pick<Target, 'path' | 'query'>;
  /** Names in lower case with the values as they were sent, in the order of SignedHeaders. */
  headers: readonly (readonly [name: string, value: string])[];
  /** The value of x-amz-content-sha256. */
  payload: string;
}

/** One signature made under a signing key; chunks and trailers are signed in a chain that starts at the request's. */
export interface Signer {
  key: Buffer;
  scope: Scope;
  /** YYYYMMDDTHHMMSSZ, as sent. */
  timestamp: string;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** SHA-256 in lower-case hex, the form every part of Signature Version 4 uses. */
export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

const emptyHash = sha256Hex('');

/** The key of one day, region and service. Source: AWS General Reference, "Create a signed AWS API request", step 4. */
export function signingKey(secretKey: string, { day, region }: Scope): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secretKey}`, day), region), 's3'), 'aws4_request');
}

/** The canonical request. S3 encodes the path once and does not normalise it. */
export function canonicalRequest({ method, target, headers, payload }: Signable): string {
  const path = uriEncodePath(decodeURIComponent(target.path));
  const query = target.query
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .toSorted(byName)
    .join('&');
  const lines = headers.map(([name, value]) => `${name}:${asUtf8(value).trim().replace(/\s+/g, ' ')}`);
  return [method, path, query, ...lines, '', headers.map(([name]) => name).join(';'), payload].join('\n');
}

/** The order of names first and of values second; `=` sorts above digits, so whole pairs cannot be compared. */
function byName(a: string, b: string): number {
  const [left = '', right = ''] = [a, b].map((pair) => pair.replace('=', '\0'));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Node decodes header bytes as Latin-1; a client that sends UTF-8 signed its characters. */
const asUtf8 = (value: string): string => Buffer.from(value, 'latin1').toString('utf8');

/** The signature of a whole request, from its header or its presigned query. */
export function requestSignature(signer: Signer, request: Signable): string {
  return sign(signer, 'AWS4-HMAC-SHA256', sha256Hex(canonicalRequest(request)));
}

/** The signature of one aws-chunked chunk. Source: S3 API Reference, "Transferring Payload in Multiple Chunks". */
export function chunkSignature(signer: Signer, previous: string, chunkHash: string): string {
  return sign(signer, 'AWS4-HMAC-SHA256-PAYLOAD', previous, emptyHash, chunkHash);
}

/** The signature over the trailing headers `name:value\n…`, chained to the one of the last chunk. */
export function trailerSignature(signer: Signer, previous: string, trailers: string): string {
  return sign(signer, 'AWS4-HMAC-SHA256-TRAILER', previous, sha256Hex(trailers));
}

function sign({ key, scope, timestamp }: Signer, algorithm: string, ...rest: string[]): string {
  const lines = [algorithm, timestamp, `${scope.day}/${scope.region}/s3/aws4_request`, ...rest];
  return hmac(key, lines.join('\n')).toString('hex');
}

/** The signature of a POST policy: its base64 text is the string to sign. */
export const policySignature = (key: Buffer, policy: string): string => hmac(key, policy).toString('hex');

/** Compares two secrets' texts in a time that depends on their lengths only. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Milliseconds since the epoch of YYYYMMDDTHHMMSSZ; NaN when it is anything else. */
export function parseTimestamp(text: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  return match ? Date.parse(match[0].replace(/^(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:')) : NaN;
}
