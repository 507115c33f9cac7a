import { maxUploadBytes, readDocument } from '../body/request-body.js';
import { S3Error } from '../errors.js';
import { uriEncodePath } from '../uri.js';
import { branch, childrenOf, leaf, parseXml, textOf } from '../xml.js';
import { checkCopySource, writeCondition } from '../http/conditions.js';
import { quoted, xmlReply, type Operation, type S3Request } from './exchange.js';
import { objectHeaders } from '../http/object-headers.js';
import { copySource, headerEntries } from './objects.js';

const maxParts = 10_000;
const maxPage = 1_000;

export const beginUpload: Operation = async (store, { bucket, key, headers, body }) => {
  const found = store.get(bucket);
  const stored = objectHeaders(headerEntries(headers));
  await readDocument(body());
  const { id } = await found.uploads.begin(key, stored);
  return xmlReply('InitiateMultipartUploadResult', leaf('Bucket', bucket), leaf('Key', key), leaf('UploadId', id));
};

export const putPart: Operation = async (store, request) => {
  const { uploads, blobs } = store.get(request.bucket);
  const { id, number } = partOf(request);
  uploads.get(id, request.key);
  const { md5 } = await uploads.addPart(id, request.key, number, await blobs.receive(request.body()));
  return { status: 200, headers: { etag: quoted(md5) } };
};

/** UploadPartCopy: a part from another object or, with x-amz-copy-source-range, from a piece of it. */
export const copyPart: Operation = async (store, request) => {
  const { uploads, blobs } = store.get(request.bucket);
  const { id, number } = partOf(request);
  uploads.get(id, request.key);
  const source = copySource(store, request.headers);
  checkCopySource(request.headers, source.object);
  const { from, to } = copyRange(request, source.object.size);
  const size = to - from + 1;
  if (size > maxUploadBytes) throw new S3Error('EntityTooLarge');
  const reading = source.bucket.blobs.read(source.object.segments, from, to);
  try {
    const received = await blobs.receive({ chunks: reading.chunks(), expected: { size } });
    const { md5, modified } = await uploads.addPart(id, request.key, number, received);
    return xmlReply('CopyPartResult', leaf('ETag', quoted(md5)), leaf('LastModified', modified));
  } finally {
    await reading.release();
  }
};

function copyRange({ headers }: S3Request, size: number): { from: number; to: number } {
  const header = headers['x-amz-copy-source-range']?.toString();
  if (header === undefined) return { from: 0, to: size - 1 };
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (from === undefined || Number(from) > Number(to)) throw new S3Error('InvalidArgument', 'x-amz-copy-source-range');
  if (Number(to) >= size) throw new S3Error('InvalidRange');
  return { from: Number(from), to: Number(to) };
}

export const completeUpload: Operation = async (store, { bucket, key, query, headers, body }) => {
  const found = store.get(bucket);
  const check = writeCondition(headers);
  const wanted = childrenOf(parseXml(await readDocument(body())), 'Part').map((part) => ({
    number: partNumber(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').replaceAll('"', ''),
  }));
  if (wanted.length === 0 || wanted.length > maxParts) throw new S3Error('MalformedXML');
  const object = await found.uploads.complete(query.get('uploadId') ?? '', key, wanted, (ready) =>
    found.put(ready, check),
  );
  return xmlReply(
    'CompleteMultipartUploadResult',
    leaf('Location', `/${bucket}/${uriEncodePath(key)}`),
    leaf('Bucket', bucket),
    leaf('Key', key),
    leaf('ETag', quoted(object.etag)),
  );
};

export const abortUpload: Operation = async (store, { bucket, key, query }) => {
  await store.get(bucket).uploads.abort(query.get('uploadId') ?? '', key);
  return { status: 204 };
};

export const listParts: Operation = (store, { bucket, key, query }) => {
  const { id, parts } = store.get(bucket).uploads.get(query.get('uploadId') ?? '', key);
  const [marker, limit] = [
    count(query, 'part-number-marker', 0),
    Math.min(maxPage, count(query, 'max-parts', maxPage)),
  ];
  const behind = [...parts.values()].filter(({ number }) => number > marker).toSorted((a, b) => a.number - b.number);
  const page = behind.slice(0, limit);
  return xmlReply(
    'ListPartsResult',
    leaf('Bucket', bucket),
    leaf('Key', key),
    leaf('UploadId', id),
    leaf('PartNumberMarker', marker),
    leaf('NextPartNumberMarker', page.at(-1)?.number ?? marker),
    leaf('MaxParts', limit),
    leaf('IsTruncated', page.length > 0 && page.length < behind.length),
    ...page.map(({ number, modified, md5, segment }) =>
      branch(
        'Part',
        leaf('PartNumber', number),
        leaf('LastModified', modified),
        leaf('ETag', quoted(md5)),
        leaf('Size', segment.size),
      ),
    ),
  );
};

function partOf({ query }: S3Request): { id: string; number: number } {
  return { id: query.get('uploadId') ?? '', number: partNumber(query.get('partNumber')) };
}

function partNumber(text: string | undefined): number {
  const number = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  if (number < 1 || number > maxParts) throw new S3Error('InvalidArgument', 'a part number is between 1 and 10000');
  return number;
}

function count(query: S3Request['query'], name: string, otherwise: number): number {
  const text = query.get(name) ?? '';
  if (text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument', name);
  return Number(text);
}
