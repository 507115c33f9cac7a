import { readDocument } from '../body/request-body.js';
import { S3Error } from '../errors.js';
import { branch, childOf, childrenOf, leaf, parseXml, textOf } from '../xml.js';
import { xmlReply, type Operation } from './exchange.js';

const maxKeysPerDelete = 1_000;

export const listBuckets: Operation = (store) =>
  xmlReply(
    'ListAllMyBucketsResult',
    branch('Owner', leaf('ID', 'embedded'), leaf('DisplayName', 'embedded')),
    branch(
      'Buckets',
      ...store.sorted.map(({ name, created }) => branch('Bucket', leaf('Name', name), leaf('CreationDate', created))),
    ),
  );

export const createBucket: Operation = async (store, { bucket, body }) => {
  await readDocument(body());
  await store.create(bucket);
  return { status: 200, headers: { location: `/${bucket}` } };
};

export const headBucket: Operation = (store, { bucket }) => {
  store.get(bucket);
  return { status: 200 };
};

export const deleteBucket: Operation = async (store, { bucket }) => {
  await store.delete(bucket);
  return { status: 204 };
};

/** Always the default region, which S3 writes as an empty constraint. */
export const getLocation: Operation = (store, { bucket }) => {
  store.get(bucket);
  return xmlReply('LocationConstraint');
};

/** Versioning was never enabled: an empty configuration says so. */
export const getVersioning: Operation = (store, { bucket }) => {
  store.get(bucket);
  return xmlReply('VersioningConfiguration');
};

export const getLifecycle: Operation = (store, { bucket }) => {
  const { lifecycle } = store.get(bucket);
  if (lifecycle === undefined) throw new S3Error('NoSuchLifecycleConfiguration');
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: lifecycle };
};

export const putLifecycle: Operation = async (store, { bucket, body }) => {
  const found = store.get(bucket);
  await found.setLifecycle(await readDocument(body()));
  return { status: 200 };
};

export const deleteLifecycle: Operation = async (store, { bucket }) => {
  await store.get(bucket).setLifecycle(undefined);
  return { status: 204 };
};

/** DeleteObjects: up to a thousand keys; a key without an object counts as deleted. */
export const deleteObjects: Operation = async (store, { bucket, body }) => {
  const found = store.get(bucket);
  const document = parseXml(await readDocument(body()));
  const objects = childrenOf(document, 'Object');
  const keys = objects.map((object) => childOf(object, 'Key')?.text).filter((key) => key !== undefined);
  if (keys.length !== objects.length || keys.length === 0 || keys.length > maxKeysPerDelete) {
    throw new S3Error('MalformedXML');
  }
  if (objects.some((object) => childOf(object, 'VersionId'))) throw new S3Error('NotImplemented', 'VersionId');
  for (const key of keys) await found.remove(key);
  const quiet = textOf(document, 'Quiet') === 'true';
  return xmlReply('DeleteResult', ...(quiet ? [] : keys.map((key) => branch('Deleted', leaf('Key', key)))));
};
