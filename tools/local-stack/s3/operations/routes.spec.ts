import { parseTarget } from '../uri.js';
import { createBucket, listBuckets, putLifecycle } from './buckets.js';
import { listObjects, listUploads } from './listings.js';
import { copyObject, getObject, putObject } from './objects.js';
import { findOperation } from './routes.js';
import { completeUpload, copyPart, putPart } from './uploads.js';

function find(line: string, headers = {}) {
  const [method = '', url = ''] = line.split(' ');
  const { bucket, key, query } = parseTarget(url);
  return findOperation({ method, bucket, key, query: new Map(query), headers });
}

describe('the operations of the store', () => {
  it.each([
    ['GET /', listBuckets],
    ['PUT /b', createBucket],
    ['PUT /b/', createBucket],
    ['PUT /b?lifecycle', putLifecycle],
    ['GET /b?list-type=2&prefix=a%2F&max-keys=5', listObjects],
    ['GET /b/?uploads&prefix=a', listUploads],
    ['GET /b/a/c?x-id=GetObject&X-Amz-Signature=0&response-content-type=a', getObject],
    ['PUT /b/a', putObject],
    ['PUT /b/a?partNumber=1&uploadId=2', putPart],
    ['POST /b/a?uploadId=2', completeUpload],
  ])('%s', (line, operation) => {
    expect(find(line)).toBe(operation);
  });

  it('know a copy by its header', () => {
    const headers = { 'x-amz-copy-source': '/b/a' };
    expect(find('PUT /b/c', headers)).toBe(copyObject);
    expect(find('PUT /b/c?partNumber=1&uploadId=2', headers)).toBe(copyPart);
  });

  it.each([
    'PUT /b/a?acl',
    'PUT /b/a?tagging',
    'GET /b/a?versionId=1',
    'DELETE /b/a?versionId=1',
    'PUT /b?policy',
    'PUT /b?versioning',
    'GET /b?cors',
    'DELETE /b?encryption',
    'GET /b?versions',
    'POST /b/a?select&select-type=2',
    'POST /b/a',
    'POST /b',
    'PUT /',
  ])('%s is not among them, and is not taken for another one', (line) => {
    expect(() => find(line)).toThrow(expect.objectContaining({ code: 'NotImplemented', status: 501 }));
  });

  it('do not include other methods', () => {
    expect(() => find('PATCH /b/a')).toThrow(expect.objectContaining({ code: 'MethodNotAllowed' }));
  });
});
