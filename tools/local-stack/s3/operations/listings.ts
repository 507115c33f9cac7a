import { S3Error } from '../errors.js';
import { listPage, type ListRequest, type Page } from '../store/listing.js';
import type { StoredObject } from '../store/stored-object.js';
import { uriEncodePath } from '../uri.js';
import { branch, leaf } from '../xml.js';
import { quoted, xmlReply, type Operation, type S3Request } from './exchange.js';

const maxPage = 1_000;

/** GET on a bucket: ListObjectsV2 with `list-type=2`, else the older ListObjects. */
export const listObjects: Operation = (store, request) => {
  const { query } = request;
  const second = query.get('list-type') === '2';
  if (query.has('list-type') && !second) throw new S3Error('InvalidArgument', 'list-type');
  const wanted = listRequest(request, 'max-keys', second ? startOfV2(query) : (query.get('marker') ?? ''));
  const page = listPage(store.get(request.bucket).sorted, wanted);
  const name = nameWriter(request);
  return xmlReply(
    'ListBucketResult',
    leaf('Name', request.bucket),
    leaf('Prefix', name(wanted.prefix)),
    ...(wanted.delimiter ? [leaf('Delimiter', name(wanted.delimiter))] : []),
    leaf('MaxKeys', wanted.limit),
    ...encodingType(request),
    leaf('IsTruncated', page.next !== undefined),
    ...(second ? pagingOfV2(request, page) : pagingOfV1(request, page)),
    ...page.items.map((object) => contents(object, name)),
    ...commonPrefixes(page, name),
  );
};

/** GET ?uploads: the unfinished multipart uploads. */
export const listUploads: Operation = (store, request) => {
  const { query } = request;
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const wanted = listRequest(request, 'max-uploads', idMarker ? '' : keyMarker);
  const sorted = store.get(request.bucket).uploads.sorted;
  const behind = idMarker
    ? sorted.filter(({ key, id }) => isBehind({ key, id }, { key: keyMarker, id: idMarker }))
    : sorted;
  const page = listPage(behind, wanted);
  const name = nameWriter(request);
  const lastUpload = page.items.at(-1);
  return xmlReply(
    'ListMultipartUploadsResult',
    leaf('Bucket', request.bucket),
    leaf('KeyMarker', name(keyMarker)),
    leaf('UploadIdMarker', idMarker),
    leaf('Prefix', name(wanted.prefix)),
    ...(wanted.delimiter ? [leaf('Delimiter', name(wanted.delimiter))] : []),
    leaf('MaxUploads', wanted.limit),
    ...encodingType(request),
    leaf('IsTruncated', page.next !== undefined),
    ...(page.next === undefined ? [] : [leaf('NextKeyMarker', name(page.next))]),
    ...(page.next !== undefined && lastUpload?.key === page.next ? [leaf('NextUploadIdMarker', lastUpload.id)] : []),
    ...page.items.map(({ key, id, begun }) =>
      branch(
        'Upload',
        leaf('Key', name(key)),
        leaf('UploadId', id),
        leaf('StorageClass', 'STANDARD'),
        leaf('Initiated', begun),
      ),
    ),
    ...commonPrefixes(page, name),
  );
};

type Place = { key: string; id: string };

function isBehind(upload: Place, marker: Place): boolean {
  const order = Buffer.compare(Buffer.from(upload.key), Buffer.from(marker.key));
  return order > 0 || (order === 0 && upload.id > marker.id);
}

function listRequest({ query }: S3Request, limitName: string, after: string): ListRequest {
  const limit = query.get(limitName) ?? String(maxPage);
  if (!/^\d{1,9}$/.test(limit)) throw new S3Error('InvalidArgument', limitName);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    after,
    limit: Math.min(maxPage, Number(limit)),
  };
}

function startOfV2(query: S3Request['query']): string {
  const token = query.get('continuation-token');
  return token ? Buffer.from(token, 'base64url').toString('utf8') : (query.get('start-after') ?? '');
}

function pagingOfV2({ query }: S3Request, { items, prefixes, next }: Page<StoredObject>): string[] {
  const [token, startAfter] = [query.get('continuation-token'), query.get('start-after')];
  return [
    leaf('KeyCount', items.length + prefixes.length),
    ...(token ? [leaf('ContinuationToken', token)] : []),
    ...(startAfter ? [leaf('StartAfter', startAfter)] : []),
    ...(next === undefined ? [] : [leaf('NextContinuationToken', Buffer.from(next).toString('base64url'))]),
  ];
}

function pagingOfV1(request: S3Request, { next }: Page<StoredObject>): string[] {
  const name = nameWriter(request);
  return [
    leaf('Marker', name(request.query.get('marker') ?? '')),
    ...(next === undefined ? [] : [leaf('NextMarker', name(next))]),
  ];
}

/** How keys are written: `encoding-type=url` carries what XML cannot. */
function nameWriter({ query }: S3Request): (key: string) => string {
  return query.get('encoding-type') === 'url' ? uriEncodePath : (key) => key;
}

const encodingType = ({ query }: S3Request): string[] =>
  query.get('encoding-type') === 'url' ? [leaf('EncodingType', 'url')] : [];

const contents = ({ key, modified, etag, size }: StoredObject, name: (key: string) => string): string =>
  branch(
    'Contents',
    leaf('Key', name(key)),
    leaf('LastModified', modified),
    leaf('ETag', quoted(etag)),
    leaf('Size', size),
    leaf('StorageClass', 'STANDARD'),
  );

const commonPrefixes = ({ prefixes }: { prefixes: string[] }, name: (key: string) => string): string[] =>
  prefixes.map((prefix) => branch('CommonPrefixes', leaf('Prefix', name(prefix))));
