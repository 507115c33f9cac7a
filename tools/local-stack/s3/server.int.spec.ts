import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { send, signed, type RawReply, type RawRequest } from './contract/signed-request.js';
import { S3Server } from './server.js';

const credentials = { accessKey: 'someone', secretKey: 'something' };
const origin = 'http://localhost:3000';

describe('the embedded S3 server', () => {
  let dir: string;
  let server: S3Server;
  let endpoint: URL;
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 's3-server-'));
    server = await S3Server.open({ dir, ...credentials, corsOrigins: [origin], report });
    endpoint = new URL(`http://127.0.0.1:${await server.listen()}`);
    await ask({ method: 'PUT', path: '/models' });
  });
  afterAll(async () => {
    await server.close();
    await rm(dir, { recursive: true });
    if (reported.length > 0) throw new AggregateError(reported, 'the server reported errors');
  });

  const ask = (request: RawRequest): Promise<RawReply> => send(endpoint, signed({ endpoint, credentials }, request));
  const blobs = (): Promise<string[]> => readdir(path.join(dir, 'buckets', 'models', 'blobs'));

  const putWithTrailer = async (checksum: string): Promise<RawReply> => {
    const headers = { 'x-amz-decoded-content-length': '9', 'x-amz-trailer': 'x-amz-checksum-crc32' };
    const put = { method: 'PUT', path: '/models/trailer', headers, body: '' };
    const request = signed({ endpoint, credentials }, put, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER');
    return send(endpoint, { ...request, body: `9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n` });
  };
  const preflight = (from: string): Promise<Response> =>
    fetch(new URL('/models/a', endpoint), {
      method: 'OPTIONS',
      headers: { Origin: from, 'Access-Control-Request-Headers': 'content-type' },
    });

  it.each(['/_health', '/minio/health/live'])('is healthy at %s, for anybody', async (place) => {
    const reply = await fetch(new URL(place, endpoint));
    expect([reply.status, await reply.text()]).toEqual([200, '{"status":"ok"}']);
  });

  it('does not start without keys', async () => {
    await expect(S3Server.open({ dir, accessKey: 'a', secretKey: '' })).rejects.toThrow('secret key');
  });

  it.each([
    ['PUT', '/models/a?acl'],
    ['PUT', '/models/a?tagging'],
    ['PUT', '/models?policy'],
    ['GET', '/models?versions'],
  ])('says that it does not offer %s %s', async (method, place) => {
    const reply = await ask({ method, path: place, body: 'x' });
    expect(reply.status).toBe(501);
    expect(reply.text).toContain('<Code>NotImplemented</Code>');
  });

  it('does not store an object with properties it cannot keep', async () => {
    const headers = { 'x-amz-server-side-encryption': 'AES256' };
    expect((await ask({ method: 'PUT', path: '/models/a', headers, body: 'x' })).status).toBe(501);
    const tooMuch = { 'x-amz-meta-a': 'a'.repeat(2_100) };
    const reply = await ask({ method: 'PUT', path: '/models/a', headers: tooMuch, body: 'x' });
    expect(reply.text).toContain('MetadataTooLarge');
  });

  it('answers a HEAD with headers only, also when it refuses', async () => {
    await ask({ method: 'PUT', path: '/models/head', body: 'hello' });
    const found = await ask({ method: 'HEAD', path: '/models/head' });
    expect(found).toMatchObject({ status: 200, text: '', headers: { 'content-length': '5' } });
    const missing = await ask({ method: 'HEAD', path: '/models/missing' });
    expect(missing).toMatchObject({ status: 404, text: '' });
  });

  it.each(['/%', '/models/%zz', 'http://elsewhere/models', `/models/${'a'.repeat(1_025)}`, '/models/a%00b'])(
    'refuses the address %s',
    async (place) => {
      const reply = await send(endpoint, { method: 'GET', path: place });
      expect(reply.status).toBe(400);
    },
  );

  it('leaves no file behind when it refuses a body', async () => {
    const before = await blobs();
    const request = signed({ endpoint, credentials }, { method: 'PUT', path: '/models/refused', body: 'GOOD' });
    expect((await send(endpoint, { ...request, body: 'EVIL' })).status).toBe(400);
    await expect(blobs()).resolves.toEqual(before);
  });

  it('removes the file of an object that was replaced', async () => {
    await ask({ method: 'PUT', path: '/models/replaced', body: 'one' });
    const before = (await blobs()).length;
    await ask({ method: 'PUT', path: '/models/replaced', body: 'two' });
    expect((await blobs()).length).toBe(before);
  });

  it('checks trailing checksums that nobody signed', async () => {
    expect((await putWithTrailer('y/Q5Jg==')).status).toBe(200);
    expect((await putWithTrailer('y/Q5JA==')).text).toContain('BadDigest');
  });

  it('lists uploads page by page', async () => {
    const begun: string[] = [];
    for (const key of ['u/1', 'u/1', 'u/2']) {
      const { text } = await ask({ method: 'POST', path: `/models/${key}?uploads` });
      begun.push(`${key} ${/<UploadId>(\w+)/.exec(text)?.[1]}`);
    }
    const seen: string[] = [];
    for (let markers: string | undefined = ''; markers !== undefined;) {
      const { text } = await ask({ method: 'GET', path: `/models?uploads&max-uploads=1&prefix=u%2F${markers}` });
      const value = (name: string): string => new RegExp(`<${name}>([^<]*)`).exec(text)?.[1] ?? '';
      seen.push(`${value('Key')} ${value('UploadId')}`);
      const more = value('IsTruncated') === 'true';
      markers = more
        ? `&key-marker=${value('NextKeyMarker')}&upload-id-marker=${value('NextUploadIdMarker')}`
        : undefined;
    }
    expect(seen).toEqual(begun.toSorted());
  });

  describe('to browsers', () => {
    it('opens itself for the origins it was given', async () => {
      const reply = await preflight(origin);
      expect(reply.status).toBe(204);
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin);
      expect(reply.headers.get('access-control-allow-headers')).toBe('content-type');
      const refusal = await fetch(new URL('/models/a', endpoint), { headers: { Origin: origin } });
      expect(refusal.headers.get('access-control-allow-origin')).toBe(origin);
    });

    it('stays closed for others', async () => {
      const reply = await preflight('http://elsewhere');
      expect(reply.status).toBe(403);
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    });
  });
});
