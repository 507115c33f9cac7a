import { randomBytes, randomUUID } from 'node:crypto';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type FileView, findFile, openDownload, Problem } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import type { GivenDownload } from './byte-store.js';
import { aToken } from './tokens.js';
import { aFile } from './views.js';

describe('a download', () => {
  let gateway: TestGateway;
  const bytes = randomBytes(100_000);
  const file: FileView = aFile({ size_bytes: bytes.length, filename: 'кошка.glb', media_type: 'model/gltf-binary' });

  beforeAll(async () => {
    gateway = await aGateway();
    gateway.store.objects.set(file.file_id, bytes);
    const only = ({ owner_id, file_id }: { owner_id: string; file_id: string }): FileView => {
      if (owner_id !== gateway.accountId || file_id !== file.file_id) throw new Problem('not_found', 'No such file');
      return file;
    };
    gateway.storage
      .answer(findFile, async (request) => only(request))
      .answer(openDownload, async (request) => ({
        file: only(request),
        download_url: gateway.store.urlOf(file.file_id),
      }));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    gateway.store.ailment = 'none';
    gateway.store.downloads.length = 0;
  });

  const path = `/files/${file.file_id}`;
  const tag = `"${file.sha256}"`;
  const get = (headers: Record<string, string> = {}) =>
    gateway.http
      .get(path)
      .set({ authorization: gateway.bearer, ...headers })
      .buffer(true)
      .parse(rawBody as never);

  it('is the file, as something to save and never to run', async () => {
    const { body, headers } = await get().expect(200);
    expect(bytes.equals(body as Buffer)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'model/gltf-binary',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="_____.glb"; filename*=UTF-8''%D0%BA%D0%BE%D1%88%D0%BA%D0%B0.glb`,
      etag: tag,
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(headers).toHaveProperty('x-request-id');
  });

  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=99990-', 99_990, 100_000],
    ['bytes=-5', 99_995, 100_000],
    ['bytes=500-999999', 500, 100_000],
  ])('is the part %s of it', async (range, first, end) => {
    const { body, headers } = await get({ range }).expect(206);
    expect(bytes.subarray(first, end).equals(body as Buffer)).toBe(true);
    expect(headers['content-range']).toBe(`bytes ${first}-${end - 1}/${bytes.length}`);
    expect(headers['content-length']).toBe(String(end - first));
    expect(gateway.store.downloads).toEqual([
      expect.objectContaining({ range: `bytes=${first}-${end - 1}`, closed: true }),
    ]);
  });

  it('is refused outside of it, with its length', async () => {
    const { headers, text: body } = await gateway.http
      .get(path)
      .set({ authorization: gateway.bearer, range: 'bytes=100000-' })
      .expect(416)
      .expect('content-type', 'application/problem+json');
    expect(headers['content-range']).toBe('bytes */100000');
    expect(headers['cache-control']).toBe('no-store');
    expect(JSON.parse(body)).toMatchObject({ code: 'range_not_satisfiable', size_bytes: 100_000 });
  });

  it('is not sent to who has it', async () => {
    const { headers, body } = await get({ 'if-none-match': `"x", W/${tag}` }).expect(304);
    expect(headers.etag).toBe(tag);
    expect((body as Buffer).length).toBe(0);
    expect(gateway.store.downloads).toEqual([]);
  });

  it('is described by HEAD without asking the store', async () => {
    const whole = await get();
    gateway.store.downloads.length = 0;
    const { headers } = await gateway.http.head(path).set('authorization', gateway.bearer).expect(200);
    const { date: _, 'x-request-id': __, ratelimit: ___, ...rest } = whole.headers as Record<string, string>;
    expect(headers).toMatchObject(rest);
    expect(gateway.store.downloads).toEqual([]);
  });

  it('has metadata', async () => {
    const { body } = await gateway.http.get(`${path}/metadata`).set('authorization', gateway.bearer).expect(200);
    expect(body).toEqual(file);
  });

  it.each(['', '/metadata'])("of someone else's file is a 404, as of a missing one: %s", async (what) => {
    const [missing, foreign] = [`/files/${randomUUID()}${what}`, path + what];
    expect(await gateway.http.get(missing).set('authorization', gateway.bearer)).toMatchObject({ status: 404 });
    const stranger = `Bearer ${aToken({ key: gateway.key })}`;
    expect(await gateway.http.get(foreign).set('authorization', stranger)).toMatchObject({ status: 404 });
  });

  it.each(['refuses', 'ignores-ranges'] as const)('is a 503 when the store %s', async (ailment) => {
    gateway.store.ailment = ailment;
    const answer = await gateway.http.get(path).set({ authorization: gateway.bearer, range: 'bytes=1-2' }).expect(503);
    expect(answer.body).toMatchObject({ code: 'service_unavailable' });
    expect(answer.headers).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' });
    expect(answer.headers).not.toHaveProperty('etag');
  });

  it('breaks off when the store does: a short file never looks whole', async () => {
    gateway.store.ailment = 'cuts-off';
    await expect(text(await open())).rejects.toThrow('aborted');
  });

  it('lets go of the store when the client goes away', async () => {
    gateway.store.ailment = 'never-ends';
    const response = await open();
    expect(gateway.store.downloads).toEqual([expect.objectContaining({ closed: false })]);
    response.destroy();
    await eventually(() => expect(gateway.store.downloads).toEqual([expect.objectContaining({ closed: true })]));
  });

  it('keeps the pace of the client', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024);
    const id = randomUUID();
    gateway.store.objects.set(id, large);
    gateway.storage.answer(openDownload, async () => ({
      file: aFile({ size_bytes: large.length }),
      download_url: gateway.store.urlOf(id),
    }));
    const response = await open();
    response.pause();
    const [download] = gateway.store.downloads;
    await eventually(() => expect(stable(download!)).resolves.toBe(true));
    expect(download!.sent).toBeLessThan(16 * 1024 * 1024); // what the sockets between us hold
    response.destroy();
  });

  async function open(): Promise<IncomingMessage> {
    const client = httpGet(gateway.url + path, { headers: { authorization: gateway.bearer } });
    client.on('error', () => {});
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    return response;
  }
});

/** Whether nothing more leaves the store. */
async function stable(download: GivenDownload): Promise<boolean> {
  const before = download.sent;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return download.sent === before;
}

/** Supertest reads text unless it is told what to do with bytes. */
function rawBody(response: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks)));
}
