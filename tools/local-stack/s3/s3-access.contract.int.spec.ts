import { createHash } from 'node:crypto';
import { send, signed, type RawRequest } from './contract/signed-request.js';
import { bytesOf, keysOf, outcome, startSubject, type Subject } from './contract/subject.js';
import { chunkSignature, sha256Hex } from './signing/signature.js';

describe('access to an S3 store', () => {
  let store: Subject;
  beforeAll(async () => {
    store = await startSubject();
    await store.client.putObject(store.bucket, 'secret', 'treasure', 8);
  });
  afterAll(() => store.close());

  const pathOf = (key: string): string => `/${store.bucket}/${key}`;
  const urlOf = (key: string): URL => new URL(pathOf(key), store.endpoint);
  const exists = (key: string): Promise<string> => outcome(store.client.statObject(store.bucket, key));
  const get = async (key: string): Promise<string> =>
    (await bytesOf(await store.client.getObject(store.bucket, key))).toString('utf8');

  async function post(key: string, [min, max]: [number, number], change: Record<string, string> = {}): Promise<number> {
    const policy = store.client.newPostPolicy();
    policy.setBucket(store.bucket);
    policy.setKey(key);
    policy.setExpires(new Date(Date.now() + 60_000));
    policy.setContentLengthRange(min, max);
    policy.setContentType('text/plain');
    const { postURL, formData } = await store.client.presignedPostPolicy(policy);
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...formData, ...change })) form.append(name, String(value));
    form.append('file', new Blob(['curled\r\n--']), 'file.txt');
    return (await fetch(postURL, { method: 'POST', body: form })).status;
  }

  describe('without the right keys', () => {
    it('is refused to strangers', async () => {
      expect((await fetch(urlOf('secret'))).status).toBe(403);
      expect((await fetch(urlOf('evil'), { method: 'PUT', body: 'x' })).status).toBe(403);
      expect((await fetch(urlOf(''))).status).toBe(403);
      await expect(exists('evil')).resolves.toBe('NotFound');
    });

    it('is refused for a wrong secret and for an unknown account', async () => {
      const wrongSecret = store.clientWith({ secretKey: 'x'.repeat(40) });
      const stranger = store.clientWith({ accessKey: 'NOBODY' });
      const read = wrongSecret.getObject(store.bucket, 'secret');
      await expect(outcome(read)).resolves.toBe('SignatureDoesNotMatch');
      const put = wrongSecret.putObject(store.bucket, 'evil', 'x', 1);
      await expect(outcome(put)).resolves.toBe('SignatureDoesNotMatch');
      const strange = stranger.putObject(store.bucket, 'evil', 'x', 1);
      await expect(outcome(strange)).resolves.toBe('InvalidAccessKeyId');
      await expect(exists('evil')).resolves.toBe('NotFound');
    });

    it('is refused for headers that were added after signing', async () => {
      const request = signed(store, { method: 'PUT', path: pathOf('evil'), body: 'x' });
      const added = { ...request, headers: { ...request.headers, 'x-amz-meta-role': 'admin' } };
      expect((await send(store.endpoint, added)).status).toBe(403);
      await expect(exists('evil')).resolves.toBe('NotFound');
    });
  });

  describe('by a link', () => {
    it('allows the download it was made for, with the names it gives', async () => {
      const overrides = {
        'response-content-disposition': 'attachment; filename="x.txt"',
        'response-content-type': 'a/b',
      };
      const reply = await fetch(await store.client.presignedGetObject(store.bucket, 'secret', 60, overrides));
      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-disposition')).toBe('attachment; filename="x.txt"');
      expect(reply.headers.get('content-type')).toBe('a/b');
      await expect(reply.text()).resolves.toBe('treasure');
    });

    it('allows the upload it was made for', async () => {
      const url = await store.client.presignedPutObject(store.bucket, 'by-link', 60);
      expect((await fetch(url, { method: 'PUT', body: 'uploaded' })).status).toBe(200);
      await expect(get('by-link')).resolves.toBe('uploaded');
      expect((await fetch(url.replace('by-link', 'other'), { method: 'PUT', body: 'x' })).status).toBe(403);
      await expect(exists('other')).resolves.toBe('NotFound');
    });

    it('allows nothing when it was changed', async () => {
      const url = await store.client.presignedGetObject(store.bucket, 'secret', 60);
      const forged = [
        url.replace(/(X-Amz-Signature=)(.)/, (_, name: string, first: string) => name + (first === '0' ? '1' : '0')),
        url.replace('/secret?', '/by-link?'),
        url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'),
        `${url}&response-content-type=text%2Fhtml`,
      ];
      for (const each of forged) expect((await fetch(each)).status).toBe(403);
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    });

    it('allows nothing when its time is over', async () => {
      const before = new Date(Date.now() - 120_000);
      const url = await store.client.presignedGetObject(store.bucket, 'secret', 60, {}, before);
      expect((await fetch(url)).status).toBe(403);
    });
  });

  describe('by a form', () => {
    it('allows the upload its policy describes', async () => {
      await expect(post('form/ok', [1, 10])).resolves.toBe(204);
      await expect(get('form/ok')).resolves.toBe('curled\r\n--');
      const { metaData } = await store.client.statObject(store.bucket, 'form/ok');
      expect(metaData).toMatchObject({ 'content-type': 'text/plain' });
    });

    it.each<[string, [number, number], Record<string, string>]>([
      ['a file that is too large', [1, 3], {}],
      ['a file that is too small', [20, 30], {}],
      ['a forged signature', [1, 10], { 'x-amz-signature': '0'.repeat(64) }],
      ['another key', [1, 10], { key: 'form/other' }],
      ['another type', [1, 10], { 'Content-Type': 'text/html' }],
      ['a field the policy does not mention', [1, 10], { 'x-amz-meta-role': 'admin' }],
    ])('refuses %s', async (_what, range, change) => {
      const status = await post('form/refused', range, change);
      expect([400, 403]).toContain(status);
      await expect(exists('form/refused')).resolves.toBe('NotFound');
      await expect(exists('form/other')).resolves.toBe('NotFound');
    });
  });

  describe('with a body that was changed on its way', () => {
    it('is refused when its hash differs', async () => {
      const request = signed(store, { method: 'PUT', path: pathOf('changed'), body: 'GOOD' });
      const reply = await send(store.endpoint, { ...request, body: 'EVIL' });
      expect(reply.text).toContain('XAmzContentSHA256Mismatch');
      await expect(exists('changed')).resolves.toBe('NotFound');
    });

    it('is refused when its MD5 differs', async () => {
      const url = await store.client.presignedPutObject(store.bucket, 'changed', 60);
      const digest = createHash('md5').update('GOOD').digest('base64');
      const reply = await fetch(url, { method: 'PUT', body: 'EVIL', headers: { 'Content-MD5': digest } });
      await expect(reply.text()).resolves.toContain('BadDigest');
      await expect(exists('changed')).resolves.toBe('NotFound');
    });

    const chunk = 'good '.repeat(2_000);
    function chunked(key: string): RawRequest & { body: string } {
      const form = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
      const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': String(chunk.length) };
      const request = signed(store, { method: 'PUT', path: pathOf(key), headers }, form);
      const first = chunkSignature(request.signer, request.signature, sha256Hex(chunk));
      const last = chunkSignature(request.signer, first, sha256Hex(''));
      const head = `${chunk.length.toString(16)};chunk-signature=${first}`;
      return { ...request, body: `${head}\r\n${chunk}\r\n0;chunk-signature=${last}\r\n\r\n` };
    }

    it('is accepted in signed chunks as they were sent', async () => {
      expect((await send(store.endpoint, chunked('chunks'))).status).toBe(200);
      await expect(get('chunks')).resolves.toBe(chunk);
    });

    it('is refused when a chunk differs or is missing', async () => {
      const request = chunked('changed');
      const changed = await send(store.endpoint, { ...request, body: request.body.replace('good', 'evil') });
      expect(changed.text).toContain('SignatureDoesNotMatch');
      const cut = await send(store.endpoint, { ...request, body: request.body.slice(0, chunk.length) });
      expect(cut.status).toBeGreaterThanOrEqual(400);
      await expect(exists('changed')).resolves.toBe('NotFound');
    });
  });

  describe('with a key that climbs', () => {
    it.each([
      '../../../../etc/hostname',
      'a/../../climbed',
      '..%2f..%2fclimbed',
      '%2e%2e/%2e%2e/etc/hostname',
      '/etc/hostname',
    ])('never leaves the bucket: %s', async (key) => {
      const write = await send(store.endpoint, signed(store, { method: 'PUT', path: pathOf(key), body: 'mine' }));
      const read = await send(store.endpoint, signed(store, { method: 'GET', path: pathOf(key) }));
      const stored = write.status === 200;
      const served = read.status === 200 && read.text === 'mine';
      const listed = (await keysOf(store.client, store.bucket)).includes(decodeURIComponent(key));
      expect({ served, listed }).toEqual({ served: stored, listed: stored });
    });
  });
});
