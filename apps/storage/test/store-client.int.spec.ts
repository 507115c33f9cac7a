import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { eventually, testStore } from '#testing';
import { S3Client } from '../src/objects/s3.client.js';
import { StorageConfig } from '../src/storage.config.js';
import { StoreProxy } from './store-proxy.js';

const mebibyte = 1024 * 1024;
const store = testStore();
let folder: string;
let proxy: StoreProxy;
let client: S3Client;
let behind: Client;

const clientAt = (about: Partial<StorageConfig> = {}): S3Client =>
  new S3Client(
    Object.assign(new StorageConfig(), {
      S3_ENDPOINT: store.endpoint,
      S3_ACCESS_KEY: store.accessKey,
      S3_SECRET_KEY: store.secretKey,
      S3_BUCKET: store.bucket,
      ...about,
    }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-client-'));
  proxy = await StoreProxy.before(store.endpoint);
  const { hostname, port } = new URL(store.endpoint);
  const { accessKey, secretKey } = store;
  behind = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey });
});
beforeEach(async () => {
  proxy.fault = () => 'none';
  client = clientAt({ S3_ENDPOINT: proxy.endpoint });
  await client.onApplicationBootstrap();
});
afterEach(() => client.onApplicationShutdown());
afterAll(async () => {
  proxy.close();
  await rm(folder, { recursive: true });
});

async function aFile(bytes: number): Promise<{ path: string; content: Buffer }> {
  const [path, content] = [join(folder, `${bytes}`), randomBytes(bytes)];
  await writeFile(path, content);
  return { path, content };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const hashOf = (key: string) =>
  client.read(key, async ({ body }) =>
    sha256(Buffer.concat(await (body as NodeJS.ReadableStream & { toArray(): Promise<Buffer[]> }).toArray())),
  );
const unfinished = async () => (await behind.listIncompleteUploads(store.bucket, '', true).toArray()).length;
const unavailable = { code: 'service_unavailable', details: { retryAfter: 5 } };

describe('a file that is put into the store', () => {
  it.each([1, 8 * mebibyte, 8 * mebibyte + 1, 20 * mebibyte])('of %d bytes is the same there', async (bytes) => {
    const { path, content } = await aFile(bytes);
    await client.putFile('inputs/a', path, bytes, 'image/png');
    const { size, metaData, etag } = await behind.statObject(store.bucket, 'inputs/a');
    expect([size, metaData['content-type']]).toEqual([bytes, 'image/png']);
    expect(etag.split('-')[1]).toBe(bytes > 8 * mebibyte ? `${Math.ceil(bytes / (8 * mebibyte))}` : undefined);
    expect(await hashOf('inputs/a')).toBe(sha256(content));
  });

  it.each([1000, 9 * mebibyte])('with other than the %d bytes that were said leaves nothing', async (bytes) => {
    const { path } = await aFile(bytes);
    await expect(client.putFile('inputs/b', path, bytes + 1, 'image/png')).rejects.toThrow('instead of');
    expect([await client.writtenAt('inputs/b'), await unfinished()]).toEqual([undefined, 0]);
  });

  it('while the store fails leaves nothing', async () => {
    const { path } = await aFile(20 * mebibyte);
    proxy.fault = ({ url = '' }) => (url.includes('partNumber=2') ? 500 : 'none');
    await expect(client.putFile('inputs/c', path, 20 * mebibyte, 'image/png')).rejects.toMatchObject(unavailable);
    expect([await client.writtenAt('inputs/c'), await unfinished()]).toEqual([undefined, 0]);
  });
});

describe('a store in trouble', () => {
  const asked = () => client.writtenAt('inputs/a').catch((error: unknown) => error);

  it('is left alone after three failures, and asked again until it is well', async () => {
    proxy.fault = () => 503;
    for (const _ of [1, 2, 3]) expect(await asked()).toMatchObject(unavailable);
    proxy.fault = () => 'silence';
    const [seen, begun] = [proxy.seen, performance.now()];
    for (let n = 0; n < 50; n++) expect(await asked()).toMatchObject(unavailable);
    expect([proxy.seen - seen, await client.answers()]).toEqual([0, false]);
    expect(performance.now() - begun).toBeLessThan(500);
    await eventually(() => expect(proxy.seen).toBe(seen + 1)); // one question, which nobody answers
    expect(await asked()).toMatchObject(unavailable);
    expect(proxy.seen).toBe(seen + 1);
    proxy.fault = () => 'none';
    await eventually(async () => expect(await client.answers()).toBe(true));
    expect(await asked()).toEqual(expect.any(Date));
  });

  it('is not one that has no such object', async () => {
    for (let n = 0; n < 10; n++) expect(await client.writtenAt('inputs/none')).toBeUndefined();
    expect(await client.answers()).toBe(true);
  });
});

describe('many files at once', () => {
  it('take turns, and what would have to wait too long is refused', async () => {
    await client.put('inputs/a', Buffer.from('a'), 'text/plain');
    let [running, most] = [0, 0];
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const read = () =>
      client.read('inputs/a', async () => {
        most = Math.max(most, ++running);
        await finished;
        running--;
      });
    const reads = Array.from({ length: 16 + 64 }, read);
    const outcomes = Promise.all(reads);
    await expect(read()).rejects.toMatchObject({ code: 'service_unavailable' });
    await eventually(() => expect(running).toBe(16));
    finish();
    await outcomes;
    expect([running, most]).toEqual([0, 16]);
  });
});

describe('the bucket', () => {
  it('is asked to throw temporary objects away after a day', async () => {
    const temporary = { Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };
    expect(await behind.getBucketLifecycle(store.bucket)).toMatchObject({ Rule: temporary });
  });

  it('keeps the rules of its owner', async () => {
    const theirs = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 90 } };
    await behind.setBucketLifecycle(store.bucket, { Rule: [theirs] });
    await client.onApplicationBootstrap();
    expect(await behind.getBucketLifecycle(store.bucket)).toMatchObject({ Rule: theirs });
  });

  it('is used although the store knows no rules', async () => {
    await behind.setBucketLifecycle(store.bucket, null);
    proxy.fault = ({ method, url = '' }) => (method === 'PUT' && url.includes('lifecycle') ? 501 : 'none');
    await client.onApplicationBootstrap();
    expect(await client.answers()).toBe(true);
  });
});

describe('an address for clients', () => {
  const described = {
    'response-content-type': 'model/gltf-binary',
    'response-content-disposition': 'attachment; filename="mug.glb"; filename*=UTF-8\'\'%D0%BA.glb',
    'response-cache-control': 'private, max-age=60',
  };
  const publicEndpoint = store.endpoint.replace('127.0.0.1', 'localhost');
  const addressOf = async (key: string) => {
    const signing = clientAt({ S3_PUBLIC_ENDPOINT: publicEndpoint });
    const url = await signing.presignPublicRead(key, 300, described);
    signing.onApplicationShutdown();
    return url!;
  };

  beforeEach(async () => {
    await client.put('inputs/mine', Buffer.from('mine'), 'text/html');
    await client.put('inputs/theirs', Buffer.from('theirs'), 'text/html');
  });

  it('is also good for workers that are outside, to read and to write', async () => {
    const signing = clientAt({ S3_PUBLIC_ENDPOINT: publicEndpoint });
    const [read, write] = [
      await signing.presignRead('inputs/mine', 300, true),
      await signing.presignWrite('tmp/x', 300, true),
    ];
    signing.onApplicationShutdown();
    expect([read, write].map((url) => new URL(url).origin)).toEqual([publicEndpoint, publicEndpoint]);
    expect(await (await fetch(read)).text()).toBe('mine');
    expect((await fetch(write, { method: 'PUT', body: 'made' })).status).toBe(200);
    expect(new URL(await client.presignRead('inputs/mine', 300, true)).origin).not.toBe(publicEndpoint);
  });

  it('gives the bytes as they are described', async () => {
    const url = await addressOf('inputs/mine');
    expect(new URL(url).origin).toBe(publicEndpoint);
    const answer = await fetch(url, { headers: { range: 'bytes=1-2' } });
    expect([answer.status, await answer.text()]).toEqual([206, 'in']);
    expect(answer.headers.get('content-type')).toBe('model/gltf-binary');
    expect(answer.headers.get('content-disposition')).toBe(described['response-content-disposition']);
    expect(answer.headers.get('cache-control')).toBe('private, max-age=60');
  });

  it('is good for nothing else', async () => {
    const url = await addressOf('inputs/mine');
    const statuses = await Promise.all([
      fetch(url.replace('/inputs/mine', '/inputs/theirs')),
      fetch(url.replace('localhost', '127.0.0.1')),
      fetch(url.replace('model%2Fgltf-binary', 'text%2Fhtml')),
      fetch(url, { method: 'PUT', body: 'other' }),
      fetch(url, { method: 'DELETE' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  it('is none where clients do not reach the store', async () => {
    expect(await client.presignPublicRead('inputs/mine', 300, described)).toBeUndefined();
  });
});
