import { createHash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { countFiles, discardUpload, findFile, openDownload, openUpload } from '#contracts';
import { eventually } from '#testing';
import { SweeperService } from '../src/sweeping/sweeper.service.js';
import { aBomb, anAnimation, aPicture } from './pictures.js';
import { type Replica, type StorageServers, storageServers } from './storage-service.js';
import { leftoversOf, put, upload } from './uploading.js';

let storage: StorageServers;
let replicas: Replica[];

beforeAll(async () => {
  storage = await storageServers();
  replicas = await Promise.all([
    storage.start({ UPLOAD_MAX_BYTES: 1_000_000 }),
    storage.start({ UPLOAD_MAX_BYTES: 1_000_000 }),
  ]);
}, 60_000);
afterAll(() => storage.drop());

const nothing = { uploads: 0, files: 0, objects: 0 };
const open = (owner = randomUUID()) => storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.png' });

const bytesOf = async (owner_id: string, file_id: string) => {
  const { download_url } = await storage.rpc.call(openDownload, { owner_id, file_id });
  return Buffer.from(await (await fetch(download_url)).arrayBuffer());
};

describe('an upload', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('of a %s becomes a file of its owner', async (format) => {
    const bytes = await aPicture({ format, width: 65, height: 33 });
    const { status, file, owner } = await upload(storage, bytes, { filename: '../мой\u202e "кот".TXT' });
    expect(status).toBe(201);
    const extension = format === 'jpeg' ? 'jpg' : format;
    const stored = await bytesOf(owner, file.file_id);
    expect(file).toEqual({
      file_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      filename: `мой _кот_.${extension}`,
      media_type: `image/${format}`,
      size_bytes: stored.length,
      sha256: createHash('sha256').update(stored).digest('hex'),
      kind: 'input',
      width: 65,
      height: 33,
      created_at: expect.stringMatching(/Z$/),
      url: `/files/${file.file_id}`,
    });
    expect(await storage.rpc.call(findFile, { owner_id: owner, file_id: file.file_id })).toEqual(file);
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
  });

  it.each(['application/json', 'image/gif', 'text/plain', 'multipart/form-data; boundary=x'])(
    'is judged by its content, not by the type %s',
    async (contentType) => {
      const { status, file } = await upload(storage, await aPicture(), { contentType });
      expect([status, file.media_type]).toEqual([201, 'image/png']);
    },
  );

  it('may come without a length', async () => {
    const { status, file } = await upload(storage, ReadableStream.from([await aPicture()]));
    expect([status, file.width, file.height]).toEqual([201, 64, 48]);
  });

  it.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ['a GIF', 'unsupported_media_type', () => aPicture({ format: 'gif' })],
    ['a web page', 'unsupported_media_type', () => Buffer.from('<html><script>alert(1)</script></html>')],
    ['SVG', 'unsupported_media_type', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['an animation', 'invalid_image', anAnimation],
    ['a bomb of 900 million pixels', 'invalid_image', () => aBomb()],
    ['half a picture', 'invalid_image', async () => (await aPicture({ format: 'jpeg' })).subarray(0, 700)],
    ['nothing at all', 'file_missing', () => Buffer.alloc(0)],
    ['a file over the limit', 'file_too_large', () => Buffer.alloc(1_000_001)],
    ['a far larger one', 'file_too_large', () => Buffer.alloc(30_000_000)],
  ])('of %s is refused as %s, and nothing is left', async (_, code, bytes) => {
    const { status, problem, owner } = await upload(storage, await bytes());
    expect([status, problem.code]).toEqual([422, code]);
    expect(await leftoversOf(storage, owner)).toEqual(nothing);
  });

  it('over the limit is refused while it still comes, without a length too', async () => {
    const chunks = Array.from({ length: 200 }, () => Buffer.alloc(65_536));
    const { upload_url } = await open();
    expect((await put(upload_url, ReadableStream.from(chunks))).problem).toMatchObject({
      code: 'file_too_large',
      message: 'The file is larger than 1000000 bytes',
      details: { members: { max_bytes: 1_000_000 } },
    });
  });

  it('that is broken off leaves nothing', async () => {
    const owner = randomUUID();
    const { upload_url } = await open(owner);
    const sender = request(upload_url, { method: 'PUT', headers: { 'content-length': 500_000 } });
    sender.on('error', () => undefined);
    sender.write((await aPicture({ width: 300, height: 300 })).subarray(0, 100_000));
    await eventually(async () => {
      const [row] = await storage.query('SELECT claimed_at FROM uploads WHERE owner_id = $1', [owner]);
      expect(row).toMatchObject({ claimed_at: expect.any(Date) });
    });
    sender.destroy();
    await eventually(async () => expect(await leftoversOf(storage, owner)).toEqual(nothing));
    expect((await put(upload_url, await aPicture())).problem.code).toBe('not_found');
  });

  it('needs no particular replica', async () => {
    const { upload_url } = await open();
    const ticket = new URL(upload_url).pathname;
    const other = replicas.find(({ url }) => !upload_url.startsWith(url))!;
    expect((await put(`${other.url}${ticket}`, await aPicture())).status).toBe(201);
  });

  it('has a ticket that is good once, for ten of them at once too', async () => {
    const owner = randomUUID();
    const { upload_url } = await open(owner);
    const bytes = await aPicture();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => put(upload_url, bytes)));
    expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(outcomes.filter(({ problem }) => problem.code === 'not_found')).toHaveLength(9);
    expect((await put(upload_url, bytes)).problem.code).toBe('not_found');
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
  });

  it('has a ticket that ends after ten minutes, and no row of it after fifteen', async () => {
    const owner = randomUUID();
    const { upload_url } = await open(owner);
    const age = (minutes: number) =>
      storage.query('UPDATE uploads SET created_at = now() - $2::interval WHERE owner_id = $1', [
        owner,
        `${minutes} minutes`,
      ]);
    await age(11);
    expect((await put(upload_url, await aPicture())).status).toBe(404);
    expect(await leftoversOf(storage, owner)).toMatchObject({ uploads: 1 });
    await age(16);
    await Promise.all(replicas.map(({ app }) => app.get(SweeperService).sweepUploads()));
    expect(await leftoversOf(storage, owner)).toEqual(nothing);
  });

  it('that a crash interrupted between store and row is swept away with its object', async () => {
    const owner = randomUUID();
    await open(owner);
    const [{ id } = { id: '' }] = await storage
      .query<{ id: string }>(
        `UPDATE uploads SET created_at = now() - interval '16 minutes' WHERE owner_id = $1 RETURNING id`,
        [owner],
      )
      .then((answer) => answer[0] as unknown as { id: string }[]);
    await storage.s3.putObject(storage.bucket, `inputs/${owner}/${id}`, Buffer.from('orphan'));
    expect(await leftoversOf(storage, owner)).toMatchObject({ uploads: 1, objects: 1 });
    await replicas[0]!.app.get(SweeperService).sweepUploads();
    expect(await leftoversOf(storage, owner)).toEqual(nothing);
  });

  it('is refused for a moment while too many others run', async () => {
    const { app } = await storage.start({ MAX_CONCURRENT_UPLOADS: 1, INTERNAL_URL: 'http://127.0.0.1:9' });
    const [{ upload_url: first }, { upload_url: second }] = await Promise.all([open(), open()]);
    const base = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    const at = (url: string) => `${base}${new URL(url).pathname}`;
    const slow = request(at(first), { method: 'PUT' });
    slow.on('error', () => undefined);
    slow.write('x');
    const bytes = await aPicture();
    await eventually(async () => {
      const { status, problem } = await put(at(second), bytes);
      expect([status, problem.code, problem.details.retryAfter]).toEqual([503, 'service_unavailable', 2]);
    });
    slow.destroy();
    await eventually(async () => expect((await put(at(second), bytes)).status).toBe(201));
    await app.close();
  });
});

describe('a file', () => {
  it('can be downloaded, whole and in part, by the address of its ticket', async () => {
    const { owner, file } = await upload(storage, await aPicture());
    const { download_url, file: view } = await storage.rpc.call(openDownload, {
      owner_id: owner,
      file_id: file.file_id,
    });
    expect(view).toEqual(file);
    const whole = await fetch(download_url);
    expect(whole.headers.get('content-type')).toBe('image/png');
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([file.size_bytes, file.sha256]);
    const part = await fetch(download_url, { headers: { range: 'bytes=10-19' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    expect((await fetch(download_url, { method: 'PUT', body: 'other' })).status).toBe(403);
  });

  it('of somebody else is the same as a missing one', async () => {
    const { file } = await upload(storage, await aPicture());
    for (const about of [
      { owner_id: randomUUID(), file_id: file.file_id },
      { owner_id: randomUUID(), file_id: randomUUID() },
    ]) {
      const refusal = { code: 'not_found', message: 'No such file' };
      await expect(storage.rpc.call(findFile, about)).rejects.toMatchObject(refusal);
      await expect(storage.rpc.call(openDownload, about)).rejects.toMatchObject(refusal);
    }
  });

  it('that is given back is gone at once and its object with the next sweep, however often it is said', async () => {
    const { owner, file } = await upload(storage, await aPicture());
    const about = { owner_id: owner, file_id: file.file_id };
    await storage.rpc.call(discardUpload, { ...about, owner_id: randomUUID() });
    expect(await storage.rpc.call(findFile, about)).toEqual(file);
    await Promise.all([1, 2, 3].map(() => storage.rpc.call(discardUpload, about)));
    await expect(storage.rpc.call(findFile, about)).rejects.toMatchObject({ code: 'not_found' });
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 1, files: 0, objects: 1 });
    await replicas[0]!.app.get(SweeperService).sweepUploads();
    expect(await leftoversOf(storage, owner)).toEqual(nothing);
  });

  it('is counted for its owner', async () => {
    const owner = randomUUID();
    const limits = { max_files: 10_000, max_bytes: 10 * 1024 ** 3 };
    expect(await storage.rpc.call(countFiles, { account_id: owner })).toEqual({ files: 0, bytes: 0, ...limits });
    const files = [];
    for (const width of [20, 30]) files.push((await upload(storage, await aPicture({ width }), { owner })).file);
    expect(await storage.rpc.call(countFiles, { account_id: owner })).toEqual({
      files: 2,
      bytes: files[0]!.size_bytes + files[1]!.size_bytes,
      ...limits,
    });
  });
});

describe('the service', () => {
  it('is ready when database, broker and store are', async () => {
    const answer = await fetch(`${replicas[0]!.url}/health/ready`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      details: { database: { status: 'up' }, broker: { status: 'up' }, store: { status: 'up' } },
    });
  });

  it('clears the temporary part of the store after a day, and nothing else', async () => {
    const { file, owner } = await upload(storage, await aPicture());
    await storage.s3.putObject(storage.bucket, 'tmp/owner/task/1/model.glb', Buffer.from('late'));
    await storage.s3.initiateNewMultipartUpload(storage.bucket, 'tmp/owner/task/1/model.fbx', {});
    const sweeper = replicas[0]!.app.get(SweeperService);
    const unfinished = async () =>
      (await storage.s3.listIncompleteUploads(storage.bucket, 'tmp/', true).toArray()).length;
    const left = async () => [
      await storage.s3.statObject(storage.bucket, 'tmp/owner/task/1/model.glb').then(
        () => true,
        () => false,
      ),
      await unfinished(),
    ];
    await sweeper.sweepStore(new Date());
    expect(await left()).toEqual([true, 1]);
    await sweeper.sweepStore(new Date(Date.now() + 25 * 3_600_000));
    expect(await left()).toEqual([false, 0]);
    expect((await storage.s3.statObject(storage.bucket, `inputs/${owner}/${file.file_id}`)).size).toBe(file.size_bytes);
  });
});
