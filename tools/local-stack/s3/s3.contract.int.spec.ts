import { createHash } from 'node:crypto';
import { CopyConditions } from 'minio';
import { bytesOf, keysOf, outcome, startSubject, type Subject } from './contract/subject.js';

const md5 = (data: string): string => createHash('md5').update(data).digest('hex');

describe('an S3 store', () => {
  let store: Subject;
  beforeAll(async () => {
    store = await startSubject();
  });
  afterAll(() => store.close());

  const put = (key: string, text: string, headers = {}): Promise<unknown> =>
    store.client.putObject(store.bucket, key, text, Buffer.byteLength(text), headers);
  const get = async (key: string): Promise<string> =>
    (await bytesOf(await store.client.getObject(store.bucket, key))).toString('utf8');
  const link = (key: string): Promise<string> => store.client.presignedGetObject(store.bucket, key, 60);

  const copy = (from: string, to: string, conditions?: CopyConditions): Promise<unknown> =>
    store.client.copyObject(store.bucket, to, `/${store.bucket}/${from}`, conditions);

  describe('keeps buckets', () => {
    it('knows which exist', async () => {
      await expect(store.client.bucketExists(store.bucket)).resolves.toBe(true);
      await expect(store.client.bucketExists(`${store.bucket}-other`)).resolves.toBe(false);
      const names = (await store.client.listBuckets()).map(({ name }) => name);
      expect(names).toContain(store.bucket);
    });

    it('does not make one twice', async () => {
      await expect(outcome(store.client.makeBucket(store.bucket, 'us-east-1'))).resolves.toBe(
        'BucketAlreadyOwnedByYou',
      );
    });

    it('does not remove one that holds objects', async () => {
      await put('still-here', 'x');
      await expect(outcome(store.client.removeBucket(store.bucket))).resolves.toBe('BucketNotEmpty');
    });

    it('remembers their lifecycle', async () => {
      const rule = { ID: 'x', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };
      await store.client.setBucketLifecycle(store.bucket, { Rule: [rule] });
      const { Rule: rules } = (await store.client.getBucketLifecycle(store.bucket)) ?? {};
      expect([rules].flat()[0]).toMatchObject({ ID: 'x', Filter: { Prefix: 'tmp/' } });
      await store.client.removeBucketLifecycle(store.bucket);
      await expect(outcome(store.client.getBucketLifecycle(store.bucket))).resolves.toBe(
        'NoSuchLifecycleConfiguration',
      );
    });
  });

  describe('keeps objects', () => {
    it('with their bytes, type and metadata', async () => {
      const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=60', 'x-amz-meta-owner': 'me' };
      await put('a/hello.txt', 'hello', headers);
      const stat = await store.client.statObject(store.bucket, 'a/hello.txt');
      expect(stat).toMatchObject({ size: 5, etag: md5('hello') });
      expect(stat.metaData).toMatchObject({ 'content-type': 'text/plain', 'cache-control': 'max-age=60', owner: 'me' });
      expect(Math.abs(Date.now() - stat.lastModified.getTime())).toBeLessThan(60_000);
      await expect(get('a/hello.txt')).resolves.toBe('hello');
    });

    it('that are empty', async () => {
      await put('empty', '');
      await expect(store.client.statObject(store.bucket, 'empty')).resolves.toMatchObject({ size: 0 });
      await expect(get('empty')).resolves.toBe('');
    });

    it.each([
      'uni/žluťoučký kůň 日本 🎉.txt',
      'sp ace/a+b.txt',
      'pct/100%25.txt',
      "q/it's (1)!*.txt",
      'amp/a&b=c;d,e@f$g:h<i>.txt',
      'x'.repeat(250),
    ])('under any key: %s', async (key) => {
      await put(`odd/${key}`, key);
      await expect(get(`odd/${key}`)).resolves.toBe(key);
      await expect(keysOf(store.client, store.bucket, `odd/${key}`)).resolves.toEqual([`odd/${key}`]);
    });

    it('until they are removed, as often as one likes', async () => {
      await put('gone', 'x');
      await store.client.removeObject(store.bucket, 'gone');
      await store.client.removeObject(store.bucket, 'gone');
      await expect(outcome(store.client.statObject(store.bucket, 'gone'))).resolves.toBe('NotFound');
      await expect(outcome(store.client.getObject(store.bucket, 'gone'))).resolves.toBe('NoSuchKey');
      await expect(outcome(store.client.getObject(`${store.bucket}-other`, 'gone'))).resolves.toBe('NoSuchBucket');
    });
  });

  describe('copies objects', () => {
    it('with their headers', async () => {
      await put('from ž', 'copied', { 'Content-Type': 'model/gltf-binary' });
      await copy('from ž', 'to');
      await expect(get('to')).resolves.toBe('copied');
      const { metaData } = await store.client.statObject(store.bucket, 'to');
      expect(metaData).toMatchObject({ 'content-type': 'model/gltf-binary' });
    });

    it('only in the version that was named', async () => {
      await put('version', 'one');
      const [same, other] = [new CopyConditions(), new CopyConditions()];
      same.setMatchETag(md5('one'));
      other.setMatchETag(md5('two'));
      await copy('version', 'version-copy', same);
      await expect(outcome(copy('version', 'version-copy', other))).resolves.toBe('PreconditionFailed');
    });
  });

  describe('answers conditions', () => {
    beforeAll(() => put('condition', 'hello'));

    it.each([
      ['If-None-Match', `"${md5('hello')}"`, 304],
      ['If-None-Match', '"other"', 200],
      ['If-Match', `"${md5('hello')}"`, 200],
      ['If-Match', '"other"', 412],
      ['If-Modified-Since', new Date(Date.now() + 60_000).toUTCString(), 304],
      ['If-Unmodified-Since', new Date(0).toUTCString(), 412],
    ])('%s: %s with %i', async (name, value, status) => {
      const reply = await fetch(await link('condition'), { headers: { [name]: value } });
      expect(reply.status).toBe(status);
    });

    it('creates once with If-None-Match: *', async () => {
      await put('once', 'first', { 'If-None-Match': '*' });
      await expect(outcome(put('once', 'second', { 'If-None-Match': '*' }))).resolves.toBe('PreconditionFailed');
      await expect(get('once')).resolves.toBe('first');
    });
  });

  describe('serves ranges', () => {
    beforeAll(() => put('range', 'hello'));

    it.each([
      ['0-0', 'h', 'bytes 0-0/5'],
      ['1-3', 'ell', 'bytes 1-3/5'],
      ['2-', 'llo', 'bytes 2-4/5'],
      ['-2', 'lo', 'bytes 3-4/5'],
      ['0-99', 'hello', 'bytes 0-4/5'],
    ])('%s as %s', async (range, text, contentRange) => {
      const reply = await fetch(await link('range'), { headers: { Range: `bytes=${range}` } });
      expect(reply.status).toBe(206);
      expect(reply.headers.get('content-range')).toBe(contentRange);
      await expect(reply.text()).resolves.toBe(text);
    });

    it('refuses one that lies outside', async () => {
      const reply = await fetch(await link('range'), { headers: { Range: 'bytes=99-' } });
      expect(reply.status).toBe(416);
    });
  });

  describe('lists keys', () => {
    const keys = Array.from({ length: 1_005 }, (_, index) => `pages/${String(index).padStart(5, '0')}`);
    beforeAll(async () => {
      const waiting = [...keys];
      const writer = async (): Promise<void> => {
        for (let key = waiting.pop(); key; key = waiting.pop()) await put(key, 'x');
      };
      await Promise.all(Array.from({ length: 20 }, writer));
    });

    it('page by page, in order', async () => {
      await expect(keysOf(store.client, store.bucket, 'pages/')).resolves.toEqual(keys);
    });

    it('grouped by folder', async () => {
      const top = await keysOf(store.client, store.bucket, '', false);
      expect(top.filter((name) => name.startsWith('pages'))).toEqual(['pages/']);
    });

    it('behind a given one', async () => {
      const names: unknown[] = [];
      for await (const { name } of store.client.listObjectsV2(store.bucket, 'pages/', true, 'pages/01001'))
        names.push(name);
      expect(names).toEqual(keys.slice(1_002));
    });

    it('until they are removed together', async () => {
      await store.client.removeObjects(store.bucket, keys);
      await expect(keysOf(store.client, store.bucket, 'pages/')).resolves.toEqual([]);
    });
  });
});
