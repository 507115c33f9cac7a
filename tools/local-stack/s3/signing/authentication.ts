import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../errors.js';
import type { Target } from '../uri.js';
import { parseTimestamp, requestSignature, sameText, signingKey, type Signer } from './signature.js';

/** The one account of the store. */
export interface Credentials {
  accessKey: string;
  secretKey: string;
}

/** The parts of a request its signature can cover. */
export interface SignedRequest {
  method: string;
  target: Target;
  headers: IncomingHttpHeaders;
}

/** A request proven to come from the account. */
export interface Authenticated {
  /** What the client says about its body: a SHA-256 in hex, UNSIGNED-PAYLOAD or a STREAMING-… form. */
  payload: string;
  signer: Signer;
  /** The signature of the request: the seed of a chain of chunk signatures. */
  signature: string;
}

/** What a request claims about its own signature, wherever it wrote it. */
interface Claim {
  credential: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
  payload: string;
  /** The query that was signed: a presigned one without the signature itself. */
  query: Target['query'];
}

const algorithm = 'AWS4-HMAC-SHA256';
const maxClockSkewMs = 15 * 60_000;
const maxPresignedSeconds = 7 * 24 * 3_600;

/**
 * Proves that a request was signed with the secret key: Signature Version 4 in the Authorization header or in the query.
 * There is no anonymous access. Throws the S3 refusal for everything else, also for x-amz-* headers nobody signed.
 */
export function authenticate(request: SignedRequest, account: Credentials, nowMs: number): Authenticated {
  const presigned = queryValue(request.target, 'X-Amz-Algorithm') !== undefined;
  const claim = presigned ? presignedClaim(request, nowMs) : headerClaim(request, nowMs);
  const { signedHeaders, signature, timestamp, payload, query } = claim;
  const scope = scopeOf(claim.credential, account, timestamp);
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  );
  if (unsigned) throw new S3Error('AccessDenied', `the header ${unsigned} is not signed`);
  if (!signedHeaders.includes('host')) throw new S3Error('SignatureDoesNotMatch', 'the header host is not signed');

  const signer = { key: signingKey(account.secretKey, scope), scope, timestamp };
  const headers = signedHeaders.map((name) => [name, headerValue(request.headers, name) ?? ''] as const);
  const expected = requestSignature(signer, {
    method: request.method,
    target: { path: request.target.path, query },
    headers,
    payload,
  });
  if (!sameText(expected, signature)) throw new S3Error('SignatureDoesNotMatch');
  return { payload, signer, signature };
}

/** Reads `<access key>/<day>/<region>/s3/aws4_request`; the key must be the account's, the day the timestamp's. */
export function scopeOf(credential: string, account: Credentials, timestamp?: string): Signer['scope'] {
  const [accessKey, day = '', region = '', service, end] = credential.split('/');
  if (!sameText(accessKey ?? '', account.accessKey)) throw new S3Error('InvalidAccessKeyId');
  const sameDay = timestamp === undefined || timestamp.startsWith(`${day}T`);
  if (service !== 's3' || end !== 'aws4_request' || !/^\d{8}$/.test(day) || !sameDay) {
    throw new S3Error('SignatureDoesNotMatch', 'the credential scope is not valid');
  }
  return { day, region };
}

function headerClaim({ headers, target }: SignedRequest, nowMs: number): Claim {
  const { authorization } = headers;
  if (!authorization) throw new S3Error('AccessDenied');
  const [scheme, ...rest] = authorization.split(' ');
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const [credential, names, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) => fields.get(name));
  if (scheme !== algorithm || !credential || !names || !signature) throw new S3Error('AuthorizationHeaderMalformed');
  const timestamp = headerValue(headers, 'x-amz-date') ?? '';
  const signedAt = parseTimestamp(timestamp);
  if (Number.isNaN(signedAt)) throw new S3Error('AccessDenied', 'a valid x-amz-date header is required');
  if (Math.abs(nowMs - signedAt) > maxClockSkewMs) throw new S3Error('RequestTimeTooSkewed');
  const payload = headerValue(headers, 'x-amz-content-sha256');
  if (!payload) throw new S3Error('InvalidRequest', 'the header x-amz-content-sha256 is missing');
  return { credential, signedHeaders: names.split(';'), signature, timestamp, payload, query: target.query };
}

function presignedClaim({ headers, target }: SignedRequest, nowMs: number): Claim {
  const value = (name: string): string => queryValue(target, name) ?? '';
  const [timestamp, seconds] = [value('X-Amz-Date'), Number(value('X-Amz-Expires'))];
  const signedAt = parseTimestamp(timestamp);
  const validSpan = Number.isInteger(seconds) && seconds > 0 && seconds <= maxPresignedSeconds;
  if (value('X-Amz-Algorithm') !== algorithm || Number.isNaN(signedAt) || !validSpan) {
    throw new S3Error('AuthorizationQueryParametersError');
  }
  if (nowMs < signedAt - maxClockSkewMs) throw new S3Error('AccessDenied', 'the request is not yet valid');
  if (nowMs > signedAt + seconds * 1_000) throw new S3Error('AccessDenied', 'the request has expired');
  const payload = queryValue(target, 'X-Amz-Content-Sha256') ?? headerValue(headers, 'x-amz-content-sha256');
  return {
    credential: value('X-Amz-Credential'),
    signedHeaders: value('X-Amz-SignedHeaders').split(';'),
    signature: value('X-Amz-Signature'),
    timestamp,
    payload: payload ?? 'UNSIGNED-PAYLOAD',
    query: target.query.filter(([name]) => name !== 'X-Amz-Signature'),
  };
}

const queryValue = (target: Target, name: string): string | undefined =>
  target.query.find(([candidate]) => candidate === name)?.[1];

function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
