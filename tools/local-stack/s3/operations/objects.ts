import type { IncomingHttpHeaders } from 'node:http';
import type { RequestBody } from '../body/request-body.js';
import { S3Error } from '../errors.js';
import type { Bucket } from '../store/bucket.js';
import type { BucketStore } from '../store/bucket-store.js';
import type { StoredObject } from '../store/stored-object.js';
import { leaf } from '../xml.js';
import { checkCopySource, isUnmodified, modifiedSecondMs, rangeApplies, writeCondition } from '../http/conditions.js';
import { quoted, xmlReply, type Operation, type Reply, type S3Request } from './exchange.js';
import { headerText, objectHeaders, storedHeaderNames } from '../http/object-headers.js';
import { parseRange } from '../http/range.js';

/** GET and HEAD of an object, whole or one range, with the conditions of HTTP. */
export const getObject: Operation = (store, request) => {
  const bucket = store.get(request.bucket);
  const object = bucket.get(request.key);
  const version = {
    etag: quoted(object.etag),
    'last-modified': new Date(modifiedSecondMs(object)).toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (isUnmodified(request.headers, object)) return { status: 304, headers: version };
  const { range: rangeHeader, 'if-range': ifRange } = request.headers;
  const range = rangeApplies(ifRange?.toString(), object) ? parseRange(rangeHeader, object.size) : undefined;
  const { from, to } = range ?? { from: 0, to: object.size - 1 };
  const reply: Reply = {
    status: range ? 206 : 200,
    headers: {
      ...object.headers,
      ...overrides(request),
      ...version,
      'content-length': String(to - from + 1),
      ...(range && { 'content-range': `bytes ${from}-${to}/${object.size}` }),
    },
  };
  return request.method === 'HEAD' ? reply : { ...reply, body: bucket.blobs.read(object.segments, from, to) };
};

/** The query may replace stored headers, as a download link with a file name does. */
function overrides({ query }: S3Request): Record<string, string> {
  const given = storedHeaderNames.flatMap((name) => {
    const text = query.get(`response-${name}`);
    return text === undefined ? [] : [[name, headerText(name, text)]];
  });
  return Object.fromEntries(given);
}

/** PUT of an object from the body of the request. */
export const putObject: Operation = async (store, request) => {
  const bucket = store.get(request.bucket);
  const check = writeCondition(request.headers);
  const headers = objectHeaders(headerEntries(request.headers));
  check(bucket.find(request.key));
  const object = await storeObject(bucket, request.key, headers, request.body(), check);
  return { status: 200, headers: { etag: quoted(object.etag) } };
};

/** Receives a body and publishes it under the key; the object before stays until the very end, and for good on failure. */
export async function storeObject(
  bucket: Bucket,
  key: string,
  headers: Record<string, string>,
  body: RequestBody,
  check: (current: StoredObject | undefined) => void = () => undefined,
): Promise<StoredObject> {
  const { segment, md5 } = await bucket.blobs.receive(body);
  const object = {
    key,
    size: segment.size,
    etag: md5,
    modified: new Date().toISOString(),
    headers,
    segments: [segment],
  };
  try {
    await bucket.put(object, check);
  } catch (error) {
    await bucket.blobs.remove([segment]);
    throw error;
  }
  return object;
}

/** PUT with x-amz-copy-source: a new object with the bytes, and unless replaced the headers, of another one. */
export const copyObject: Operation = async (store, request) => {
  const { headers, key } = request;
  const bucket = store.get(request.bucket);
  const source = copySource(store, headers);
  checkCopySource(headers, source.object);
  const replace = headers['x-amz-metadata-directive'] === 'REPLACE';
  const given = objectHeaders(headerEntries(headers));
  if (!replace && source.bucket === bucket && source.object.key === key) {
    throw new S3Error('InvalidRequest', 'an object cannot be copied onto itself without changing its metadata');
  }
  const { segments, size } = source.object;
  const reading = source.bucket.blobs.read(segments, 0, size - 1);
  try {
    const body = { chunks: reading.chunks(), expected: { size } };
    const object = await storeObject(
      bucket,
      key,
      replace ? given : source.object.headers,
      body,
      writeCondition(headers),
    );
    return xmlReply('CopyObjectResult', leaf('ETag', quoted(object.etag)), leaf('LastModified', object.modified));
  } finally {
    await reading.release();
  }
};

/** The object x-amz-copy-source names: `/bucket/key`, percent-encoded. Throws NoSuchBucket or NoSuchKey. */
export function copySource(store: BucketStore, headers: IncomingHttpHeaders): { bucket: Bucket; object: StoredObject } {
  const header = headers['x-amz-copy-source']?.toString() ?? '';
  if (/\?versionId=/.test(header)) throw new S3Error('NotImplemented', 'versionId');
  const [, name, key] = /^\/?([^/]+)\/([^]+)$/.exec(decodeSource(header)) ?? [];
  if (!name || !key) throw new S3Error('InvalidArgument', 'x-amz-copy-source');
  const bucket = store.get(name);
  return { bucket, object: bucket.get(key) };
}

function decodeSource(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw new S3Error('InvalidArgument', 'x-amz-copy-source');
  }
}

export const deleteObject: Operation = async (store, { bucket, key }) => {
  await store.get(bucket).remove(key);
  return { status: 204 };
};

/** Header names with their values; Node joins repeated ones. */
export const headerEntries = (headers: IncomingHttpHeaders): [string, string][] =>
  Object.entries(headers).map(([name, value]) => [name, value?.toString() ?? '']);
