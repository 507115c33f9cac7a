import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { bytesOf, outcome, startSubject, type Subject } from './contract/subject.js';

const mebibyte = 2 ** 20;

/** Random bytes without a known end. */
const someMebibytes = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(mebibyte));
const hashOf = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('an S3 store under load', () => {
  let store: Subject;
  beforeAll(async () => {
    store = await startSubject();
  });
  afterAll(() => store.close());

  const get = async (key: string): Promise<Buffer> => bytesOf(await store.client.getObject(store.bucket, key));
  const put = (key: string, data: Buffer): Promise<unknown> =>
    store.client.putObject(store.bucket, key, data, data.length);
  const unfinished = async (prefix: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.client.listIncompleteUploads(store.bucket, prefix, true)) keys.push(key);
    return keys;
  };

  const createRace = (): Promise<string> =>
    outcome(store.client.putObject(store.bucket, 'race', 'x', 1, { 'If-None-Match': '*' }));

  /** Sends three of ten promised mebibytes, hangs up and gives the store time to notice. */
  async function startAndVanish(key: string): Promise<void> {
    const url = new URL(await store.client.presignedPutObject(store.bucket, key, 60));
    await new Promise<void>((resolve) => {
      const request = httpRequest(url, { method: 'PUT', headers: { 'content-length': 10 * mebibyte } });
      request.once('error', () => resolve());
      request.once('close', () => resolve());
      request.write(Buffer.alloc(3 * mebibyte), () => request.destroy());
    });
    await wait(200);
  }

  it.each([
    ['known', 30 * mebibyte],
    ['unknown', undefined],
  ])('takes a stream of %s size in parts', async (name, size) => {
    const chunks = someMebibytes(30);
    await store.client.putObject(store.bucket, `stream/${name}`, Readable.from(chunks, { objectMode: false }), size);
    const stat = await store.client.statObject(store.bucket, `stream/${name}`);
    expect(stat.size).toBe(30 * mebibyte);
    expect(stat.etag).toMatch(/^[0-9a-f]{32}-4$/);
    expect(hashOf(await get(`stream/${name}`))).toBe(hashOf(Buffer.concat(chunks)));
    await expect(unfinished('stream/')).resolves.toEqual([]);
  });

  it('reads a range that spans parts', async () => {
    const partSize = 8 * mebibyte;
    const chunks = someMebibytes(9);
    await store.client.putObject(store.bucket, 'spanning', Readable.from(chunks, { objectMode: false }), 9 * mebibyte);
    const piece = await bytesOf(await store.client.getPartialObject(store.bucket, 'spanning', partSize - 10, 20));
    expect(piece.equals(Buffer.concat(chunks).subarray(partSize - 10, partSize + 10))).toBe(true);
  });

  it('lists and forgets uploads nobody finished', async () => {
    await store.client.initiateNewMultipartUpload(store.bucket, 'unfinished/one', {});
    await expect(unfinished('unfinished/')).resolves.toEqual(['unfinished/one']);
    await store.client.removeIncompleteUpload(store.bucket, 'unfinished/one');
    await expect(unfinished('unfinished/')).resolves.toEqual([]);
  });

  it('completes an upload only from parts it has, each large enough', async () => {
    const [bucket, key] = [store.bucket, 'parts'];
    const uploadId = await store.client.initiateNewMultipartUpload(bucket, key, {});
    const sendPart = async (partNumber: number): Promise<{ part: number; etag: string }> => {
      const { etag } = await store.client.uploadPart(
        { bucketName: bucket, objectName: key, uploadID: uploadId, partNumber, headers: {} },
        randomBytes(100),
      );
      return { part: partNumber, etag };
    };
    const [first, second] = [await sendPart(1), await sendPart(2)];
    const complete = (parts: { part: number; etag?: string }[]): Promise<string> =>
      outcome(store.client.completeMultipartUpload(bucket, key, uploadId, parts));
    await expect(complete([{ part: 1, etag: '0'.repeat(32) }])).resolves.toBe('InvalidPart');
    await expect(complete([first, second])).resolves.toBe('EntityTooSmall');
    await expect(complete([second])).resolves.toBe('accepted');
    expect((await store.client.statObject(bucket, key)).size).toBe(100);
  });

  it('serves fifty clients at a time', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const worker = async (): Promise<void> => {
      for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
        const data = randomBytes(16 * 1_024);
        await put(`many/${number}`, data);
        expect((await get(`many/${number}`)).equals(data)).toBe(true);
        await store.client.removeObject(store.bucket, `many/${number}`);
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    await expect(outcome(store.client.statObject(store.bucket, 'many/7'))).resolves.toBe('NotFound');
  });

  it('never shows a mix of two versions', async () => {
    const versions = Array.from({ length: 8 }, (_, index) => Buffer.alloc(256 * 1_024, 97 + index));
    const known = new Set(versions.map(hashOf));
    await put('one', versions[0] ?? Buffer.alloc(0));
    const seen: string[] = [];
    const worker = async (number: number): Promise<void> => {
      for (const version of versions.slice(0, 4)) {
        if (number % 2) await put('one', version);
        else seen.push(hashOf(await get('one')));
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, number) => worker(number)));
    expect(seen).toHaveLength(80);
    expect(seen.filter((hash) => !known.has(hash))).toEqual([]);
  });

  it('lets exactly one of many create a key', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, createRace));
    expect(outcomes.filter((each) => each === 'accepted')).toHaveLength(1);
  });

  describe('when a sender vanishes', () => {
    it('keeps nothing of a new object', async () => {
      await startAndVanish('vanished/new');
      await expect(outcome(store.client.statObject(store.bucket, 'vanished/new'))).resolves.toBe('NotFound');
    });

    it('keeps the object that was to be replaced', async () => {
      await put('vanished/old', Buffer.from('old'));
      await startAndVanish('vanished/old');
      expect((await get('vanished/old')).toString()).toBe('old');
    });
  });

  it('goes on when a reader vanishes', async () => {
    await put('large', Buffer.alloc(6 * mebibyte, 1));
    const stream = await store.client.getObject(store.bucket, 'large');
    stream.destroy();
    expect((await get('large')).length).toBe(6 * mebibyte);
  });
});
