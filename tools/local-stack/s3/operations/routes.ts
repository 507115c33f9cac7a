import { S3Error } from '../errors.js';
import {
  createBucket,
  deleteBucket,
  deleteLifecycle,
  deleteObjects,
  getLifecycle,
  getLocation,
  getVersioning,
  headBucket,
  listBuckets,
  putLifecycle,
} from './buckets.js';
import type { Operation, S3Request } from './exchange.js';
import { listObjects, listUploads } from './listings.js';
import { copyObject, deleteObject, getObject, putObject } from './objects.js';
import { storedHeaderNames } from '../http/object-headers.js';
import { abortUpload, beginUpload, completeUpload, copyPart, listParts, putPart } from './uploads.js';

interface Route {
  on: 'service' | 'bucket' | 'object';
  method: string;
  /** A query parameter that selects the operation. */
  with?: string;
  /** Selected by the header x-amz-copy-source. */
  copies?: boolean;
  /** Further query parameters the operation understands. */
  takes?: readonly string[];
  operation: Operation;
}

const listing = ['prefix', 'delimiter', 'encoding-type'];
const objectList = [...listing, 'list-type', 'max-keys', 'continuation-token', 'start-after', 'fetch-owner', 'marker'];
const uploadList = [...listing, 'max-uploads', 'key-marker', 'upload-id-marker'];
const overrides = storedHeaderNames.map((name) => `response-${name}`);

/** The whole API of the store. */
const routes: readonly Route[] = [
  { on: 'service', method: 'GET', operation: listBuckets },
  { on: 'bucket', method: 'PUT', operation: createBucket },
  { on: 'bucket', method: 'HEAD', operation: headBucket },
  { on: 'bucket', method: 'DELETE', operation: deleteBucket },
  { on: 'bucket', method: 'GET', takes: objectList, operation: listObjects },
  { on: 'bucket', method: 'POST', with: 'delete', operation: deleteObjects },
  { on: 'bucket', method: 'GET', with: 'location', operation: getLocation },
  { on: 'bucket', method: 'GET', with: 'versioning', operation: getVersioning },
  { on: 'bucket', method: 'GET', with: 'lifecycle', operation: getLifecycle },
  { on: 'bucket', method: 'PUT', with: 'lifecycle', operation: putLifecycle },
  { on: 'bucket', method: 'DELETE', with: 'lifecycle', operation: deleteLifecycle },
  { on: 'bucket', method: 'GET', with: 'uploads', takes: uploadList, operation: listUploads },
  { on: 'object', method: 'GET', takes: overrides, operation: getObject },
  { on: 'object', method: 'HEAD', takes: overrides, operation: getObject },
  { on: 'object', method: 'PUT', operation: putObject },
  { on: 'object', method: 'PUT', copies: true, operation: copyObject },
  { on: 'object', method: 'DELETE', operation: deleteObject },
  { on: 'object', method: 'POST', with: 'uploads', operation: beginUpload },
  { on: 'object', method: 'PUT', with: 'uploadId', takes: ['partNumber'], operation: putPart },
  { on: 'object', method: 'PUT', with: 'uploadId', takes: ['partNumber'], copies: true, operation: copyPart },
  { on: 'object', method: 'POST', with: 'uploadId', operation: completeUpload },
  { on: 'object', method: 'DELETE', with: 'uploadId', operation: abortUpload },
  {
    on: 'object',
    method: 'GET',
    with: 'uploadId',
    takes: ['max-parts', 'part-number-marker', 'encoding-type'],
    operation: listParts,
  },
];

/**
 * The operation a request asks for. A query parameter no operation understands is a function this store does not have,
 * so it is NotImplemented, never taken for the plain operation: `PUT /bucket/key?acl` must not overwrite the object.
 */
export function findOperation({ method, bucket, key, query, headers }: Omit<S3Request, 'body'>): Operation {
  const on = key ? 'object' : bucket ? 'bucket' : 'service';
  if (!routes.some((route) => route.method === method)) throw new S3Error('MethodNotAllowed');
  const copies = headers['x-amz-copy-source'] !== undefined;
  const names = [...query.keys()].filter((name) => name !== 'x-id' && !name.toLowerCase().startsWith('x-amz-'));
  const found = routes.find((route) => {
    const understood = [route.with, ...(route.takes ?? [])];
    return (
      route.on === on &&
      route.method === method &&
      (route.copies ?? false) === copies &&
      (route.with === undefined || names.includes(route.with)) &&
      names.every((name) => understood.includes(name))
    );
  });
  if (!found) throw new S3Error('NotImplemented', `${method} of a ${on} with ${names.join(', ') || 'these headers'}`);
  return found.operation;
}
