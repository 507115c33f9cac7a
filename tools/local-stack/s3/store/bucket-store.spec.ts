import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bucket } from './bucket.js';
import { BucketStore } from './bucket-store.js';
import type { Received } from './blobs.js';
import type { StoredObject } from './stored-object.js';

const mebibyte = 2 ** 20;

async function* only(data: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(data);
}
const receive = (bucket: Bucket, data: Buffer): Promise<Received> =>
  bucket.blobs.receive({ chunks: only(data), expected: {} });

async function put(bucket: Bucket, key: string, text: string, modified = new Date().toISOString()): Promise<void> {
  const { segment, md5 } = await receive(bucket, Buffer.from(text));
  const object = { key, size: segment.size, etag: md5, modified, headers: {}, segments: [segment] };
  await bucket.put(object, () => undefined);
}

async function read(bucket: Bucket, { segments, size }: StoredObject): Promise<string> {
  const reading = bucket.blobs.read(segments, 0, size - 1);
  const chunks: Buffer[] = [];
  for await (const chunk of reading.chunks()) chunks.push(chunk);
  await reading.release();
  return Buffer.concat(chunks).toString();
}

const everything = async (bucket: Bucket): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(bucket.sorted.map(async (object) => [object.key, await read(bucket, object)])));
const failToPublish = (): Promise<void> => Promise.reject(new Error('no'));
const refused = (code: string) => expect.objectContaining({ code });

describe('a bucket store', () => {
  let root: string;
  let dir: string;
  let store: BucketStore;
  let bucket: Bucket;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 's3-store-'));
    dir = path.join(root, 'store');
    store = await BucketStore.open(dir, false);
    await store.create('models');
    bucket = store.get('models');
  });
  afterEach(() => rm(root, { recursive: true }));

  const inBucket = (...names: string[]): string => path.join(dir, 'buckets', 'models', ...names);
  /** What a new process finds after this one was killed now. */
  async function reopened(): Promise<Bucket> {
    const copy = path.join(root, 'copy');
    await cp(dir, copy, { recursive: true });
    await rm(dir, { recursive: true });
    await cp(copy, dir, { recursive: true });
    return (await BucketStore.open(dir, false)).get('models');
  }

  it.each([false, true])('finds everything again (safe against loss of power: %s)', async (powerSafe) => {
    store = await BucketStore.open(dir, powerSafe);
    bucket = store.get('models');
    await put(bucket, '../../a', 'one');
    await put(bucket, '../../a', 'two');
    await put(bucket, 'ž', '');
    await put(bucket, 'gone', 'x');
    await bucket.remove('gone');
    const again = await reopened();
    await expect(everything(again)).resolves.toEqual({ '../../a': 'two', ž: '' });
    expect(again.created).toBe(bucket.created);
    await expect(readdir(inBucket('blobs'))).resolves.toHaveLength(2);
  });

  it('removes what a crash left between two steps', async () => {
    await put(bucket, 'kept', 'x');
    await receive(bucket, Buffer.from('nobody names this'));
    await writeFile(path.join(dir, 'tmp', 'draft'), '{');
    await writeFile(inBucket('objects', `${'0'.repeat(64)}.json`), '');
    await mkdir(inBucket('uploads', 'half-made'));
    await expect(everything(await reopened())).resolves.toEqual({ kept: 'x' });
    const left = [await readdir(path.join(dir, 'tmp')), await readdir(inBucket('uploads'))];
    expect(left).toEqual([[], []]);
    await expect(readdir(inBucket('blobs'))).resolves.toHaveLength(1);
  });

  it('keeps an unfinished upload over a restart and completes it then', async () => {
    const { id } = await bucket.uploads.begin('large', { 'content-type': 'a/b' });
    const first = await bucket.uploads.addPart(id, 'large', 1, await receive(bucket, Buffer.alloc(5 * mebibyte, 'a')));
    const again = await reopened();
    const second = await again.uploads.addPart(id, 'large', 2, await receive(again, Buffer.from('b')));
    const wanted = [first, second].map(({ number, md5 }) => ({ number, etag: md5 }));
    await again.uploads.complete(id, 'large', wanted, (object) => again.put(object, () => undefined));
    const object = again.get('large');
    expect(object).toMatchObject({ size: 5 * mebibyte + 1, headers: { 'content-type': 'a/b' } });
    expect((await read(again, object)).slice(-2)).toBe('ab');
    expect(again.uploads.sorted).toEqual([]);
  });

  it('keeps the upload when publishing its object fails', async () => {
    const { id } = await bucket.uploads.begin('a', {});
    const { md5 } = await bucket.uploads.addPart(id, 'a', 1, await receive(bucket, Buffer.from('x')));
    await expect(bucket.uploads.complete(id, 'a', [{ number: 1, etag: md5 }], failToPublish)).rejects.toThrow('no');
    expect(bucket.uploads.get(id, 'a').parts.size).toBe(1);
  });

  it('finishes an upload that was published just before a crash', async () => {
    const { id } = await bucket.uploads.begin('a', {});
    const { md5 } = await bucket.uploads.addPart(id, 'a', 1, await receive(bucket, Buffer.from('x')));
    const saved = path.join(root, 'upload');
    await cp(inBucket('uploads', id), saved, { recursive: true });
    await bucket.uploads.complete(id, 'a', [{ number: 1, etag: md5 }], (object) => bucket.put(object, () => undefined));
    await cp(saved, inBucket('uploads', id), { recursive: true });
    const again = await reopened();
    await expect(everything(again)).resolves.toEqual({ a: 'x' });
    expect(again.uploads.sorted).toEqual([]);
  });

  it('forgets the parts of an upload that is aborted while one arrives', async () => {
    const { id } = await bucket.uploads.begin('a', {});
    const late = await receive(bucket, Buffer.from('late'));
    await bucket.uploads.abort(id, 'a');
    await expect(bucket.uploads.addPart(id, 'a', 1, late)).rejects.toEqual(refused('NoSuchUpload'));
    await expect(readdir(inBucket('blobs'))).resolves.toEqual([]);
  });

  it('lets a reader finish while the object is replaced', async () => {
    await put(bucket, 'a', 'old');
    const { segments, size } = bucket.get('a');
    const reading = bucket.blobs.read(segments, 0, size - 1);
    await put(bucket, 'a', 'new');
    await put(bucket, 'a', 'newer');
    const chunks: Buffer[] = [];
    for await (const chunk of reading.chunks()) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('old');
    await reading.release();
    await expect(readdir(inBucket('blobs'))).resolves.toHaveLength(1);
  });

  it('removes what its lifecycle says is over', async () => {
    const xml =
      '<L><Rule><Status>Enabled</Status><Prefix>tmp/</Prefix><Expiration><Days>1</Days></Expiration></Rule></L>';
    await bucket.setLifecycle(xml);
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3_600_000).toISOString();
    await put(bucket, 'tmp/old', 'x', twoDaysAgo);
    await put(bucket, 'tmp/new', 'x');
    await put(bucket, 'old', 'x', twoDaysAgo);
    await bucket.uploads.begin('abandoned', {});
    await store.sweep(Date.now());
    expect(bucket.sorted.map(({ key }) => key)).toEqual(['old', 'tmp/new']);
    expect(bucket.uploads.sorted).toHaveLength(1);
    await store.sweep(Date.now() + 7 * 24 * 3_600_000);
    expect(bucket.sorted.map(({ key }) => key)).toEqual(['old']);
    expect(bucket.uploads.sorted).toEqual([]);
    expect((await reopened()).lifecycle).toBe(xml);
  });

  it('removes an empty bucket with its folder, and makes it anew', async () => {
    await put(bucket, 'a', 'x');
    await expect(store.delete('models')).rejects.toEqual(refused('BucketNotEmpty'));
    await bucket.remove('a');
    await store.delete('models');
    await expect(put(bucket, 'late', 'x')).rejects.toThrow(/ENOENT/);
    await expect(readdir(path.join(dir, 'buckets'))).resolves.toEqual([]);
    await store.create('models');
    expect(store.get('models').isEmpty).toBe(true);
  });

  it('makes one bucket when two ask for it', async () => {
    const outcomes = await Promise.allSettled([store.create('twice'), store.create('twice')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it.each(['ab', 'Upper', '..', 'a..b', '-a-', '10.0.0.1', 'a'.repeat(64), 'a/b', 'a\\b'])(
    'refuses the name %s',
    async (name) => {
      await expect(store.create(name)).rejects.toEqual(refused('InvalidBucketName'));
    },
  );

  it("refuses a folder that is somebody else's", async () => {
    const other = path.join(root, 'photos');
    await mkdir(path.join(other, 'tmp'), { recursive: true });
    await writeFile(path.join(other, 'holiday.jpg'), 'x');
    await expect(BucketStore.open(other, false)).rejects.toThrow('not a folder of this S3 store');
    await expect(readdir(other)).resolves.toEqual(['holiday.jpg', 'tmp']);
  });
});
