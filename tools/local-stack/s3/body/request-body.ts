import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../errors.js';
import type { Authenticated } from '../signing/authentication.js';
import { decodeAwsChunked } from './aws-chunked.js';
import { checksums } from './checksums.js';
import { Inspection, type Expectations } from './inspection.js';

/** A body to be read once, with the promises it must keep. */
export interface RequestBody {
  chunks: AsyncIterable<Buffer>;
  expected: Expectations;
}

/** A single upload is limited to 5 GiB, as in S3; larger objects come in parts. */
export const maxUploadBytes = 5 * 2 ** 30;
const maxDocumentBytes = 2 * 2 ** 20;

const streamingForms: Partial<Record<string, { signed: boolean; trailing: boolean }>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailing: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailing: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailing: true },
};

/** Unwraps the body of an authenticated request according to x-amz-content-sha256. Throws when its form is not valid. */
export function requestBody(
  chunks: AsyncIterable<Buffer>,
  headers: IncomingHttpHeaders,
  authenticated: Authenticated,
): RequestBody {
  const { payload } = authenticated;
  const inHeaders = Object.keys(headers)
    .filter((name) => name === 'content-md5' || /^x-amz-checksum-(?!algorithm|type|mode)/.test(name))
    .map((name) => ({ name, value: () => headers[name]?.toString() }));
  checkDigests(inHeaders);
  if (payload.startsWith('STREAMING-')) return chunkedBody(chunks, headers, authenticated, inHeaders);
  if (payload !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(payload)) {
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256');
  }
  const size = byteCount(headers['content-length']);
  const sha256 = payload === 'UNSIGNED-PAYLOAD' ? undefined : payload;
  return { chunks, expected: { size, sha256, maxSize: maxUploadBytes, checksums: inHeaders } };
}

function chunkedBody(
  source: AsyncIterable<Buffer>,
  headers: IncomingHttpHeaders,
  { payload, signer, signature }: Authenticated,
  inHeaders: NonNullable<Expectations['checksums']>,
): RequestBody {
  const form = streamingForms[payload];
  if (!form) throw new S3Error('NotImplemented', payload);
  const trailers = new Map<string, string>();
  const names = (headers['x-amz-trailer']?.toString() ?? '').split(',').map((name) => name.trim().toLowerCase());
  const trailing = form.trailing
    ? names.filter(Boolean).map((name) => ({ name, value: () => trailers.get(name) }))
    : [];
  const size = byteCount(headers['x-amz-decoded-content-length']);
  const chain = form.signed ? { signer, seed: signature } : undefined;
  return {
    chunks: decodeAwsChunked(source, { chain, trailing: form.trailing, trailers }),
    expected: { size, maxSize: maxUploadBytes, checksums: [...inHeaders, ...trailing] },
  };
}

/** Reads a small document, an XML request, whole. Throws MaxMessageLengthExceeded beyond 2 MiB. */
export async function readDocument({ chunks, expected }: RequestBody): Promise<string> {
  if ((expected.size ?? 0) > maxDocumentBytes) throw new S3Error('MaxMessageLengthExceeded');
  const inspection = new Inspection(expected);
  const pieces: Buffer[] = [];
  for await (const piece of chunks) {
    inspection.update(piece);
    pieces.push(piece);
  }
  inspection.finish();
  return Buffer.concat(pieces).toString('utf8');
}

function byteCount(header: string | string[] | undefined): number {
  if (typeof header !== 'string') throw new S3Error('MissingContentLength');
  if (!/^\d{1,15}$/.test(header)) throw new S3Error('InvalidArgument', 'the length of the body');
  if (Number(header) > maxUploadBytes) throw new S3Error('EntityTooLarge');
  return Number(header);
}

function checkDigests(given: readonly { name: string; value: () => string | undefined }[]): void {
  for (const { name, value } of given) {
    if (!checksums.has(name)) throw new S3Error('NotImplemented', name);
    if (name === 'content-md5' && !/^[A-Za-z0-9+/]{22}==$/.test(value() ?? '')) throw new S3Error('InvalidDigest');
  }
}
