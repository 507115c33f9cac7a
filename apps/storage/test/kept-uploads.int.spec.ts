import { randomUUID } from 'node:crypto';
import { adoptArtifacts, countFiles, discardUpload, findFile, openDownload, openUpload } from '#contracts';
import { InspectionService } from '../src/inspection/inspection.service.js';
import { SweeperService } from '../src/sweeping/sweeper.service.js';
import { deliver } from './delivering.js';
import { aGlb } from './glbs.js';
import { aPicture } from './pictures.js';
import { type Replica, type StorageServers, storageServers } from './storage-service.js';
import { leftoversOf, put, upload } from './uploading.js';

let storage: StorageServers;
let replicas: Replica[];

beforeAll(async () => {
  storage = await storageServers();
  const settings = { MAX_CONCURRENT_UPLOADS: 64, SWEEP_INTERVAL_MS: 3_600_000 };
  replicas = await Promise.all([storage.start(settings), storage.start(settings)]);
}, 60_000);
afterEach(() => jest.restoreAllMocks());
afterAll(() => storage.drop());

const uploadsOf = async (file_id: string) =>
  (await storage.query<{ uploads: number }>('SELECT uploads FROM files WHERE id = $1', [file_id]))[0]?.uploads;

describe('the same bytes', () => {
  it('uploaded again are the same file, which costs no look at them and no object', async () => {
    const bytes = await aPicture({ format: 'jpeg' });
    const { owner, file } = await upload(storage, bytes, { filename: 'first.jpg' });
    const looks = replicas.map(({ app }) => jest.spyOn(app.get(InspectionService), 'inspect'));
    expect(await upload(storage, bytes, { owner, filename: 'second.jpg' })).toMatchObject({ status: 201, file });
    expect(looks.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
    expect(await uploadsOf(file.file_id)).toBe(2);
  });

  it('uploaded twenty times at once are one file', async () => {
    const [owner, bytes] = [randomUUID(), await aPicture({ format: 'webp' })];
    const looks = replicas.map(({ app }) => jest.spyOn(app.get(InspectionService), 'inspect'));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => upload(storage, bytes, { owner })));
    expect(new Set(outcomes.map(({ status, file }) => `${status} ${JSON.stringify(file)}`)).size).toBe(1);
    expect(outcomes[0]!.status).toBe(201);
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
    expect(await uploadsOf(outcomes[0]!.file.file_id)).toBe(20);
    for (const { mock } of looks) expect(mock.calls.length).toBeLessThanOrEqual(1); // one for each replica at most
  });

  it('of another account are another file', async () => {
    const bytes = await aPicture();
    const [one, other] = [await upload(storage, bytes), await upload(storage, bytes)];
    expect(other.file.file_id).not.toBe(one.file.file_id);
  });

  it('are gone when their last upload is taken back, and become a new file after that', async () => {
    const bytes = await aPicture();
    const { owner, file } = await upload(storage, bytes);
    await Promise.all([upload(storage, bytes, { owner }), upload(storage, bytes, { owner })]);
    const about = { owner_id: owner, file_id: file.file_id };
    await Promise.all([storage.rpc.call(discardUpload, about), storage.rpc.call(discardUpload, about)]);
    expect(await storage.rpc.call(findFile, about)).toEqual(file);
    await storage.rpc.call(discardUpload, about);
    await expect(storage.rpc.call(findFile, about)).rejects.toMatchObject({ code: 'not_found' });
    const again = await upload(storage, bytes, { owner });
    expect([again.status, again.file.file_id === file.file_id]).toEqual([201, false]);
    await replicas[0]!.app.get(SweeperService).sweepUploads();
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
  });

  it('are not kept for an account that was erased meanwhile', async () => {
    const bytes = await aPicture();
    const { owner, file } = await upload(storage, bytes);
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename: '' });
    await storage.query("INSERT INTO erased_accounts (account_id, look_at) VALUES ($1, now() + interval '1 day')", [
      owner,
    ]);
    expect((await put(upload_url, bytes)).problem.code).toBe('not_found');
    expect(await uploadsOf(file.file_id)).toBe(1);
  });
});

describe('a model', () => {
  it('is kept as it came', async () => {
    const bytes = aGlb();
    const { status, owner, file } = await upload(storage, bytes, { filename: 'chair.gltf' });
    expect([status, file]).toEqual([
      201,
      expect.objectContaining({
        filename: 'chair.glb',
        media_type: 'model/gltf-binary',
        kind: 'input',
        size_bytes: bytes.length,
      }),
    ]);
    expect(file).not.toHaveProperty('width');
    const { download_url } = await storage.rpc.call(openDownload, { owner_id: owner, file_id: file.file_id });
    expect(Buffer.from(await (await fetch(download_url)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it.each<[string, RegExp, Buffer]>([
    ['is cut', /bytes/, aGlb().subarray(0, -4)],
    ['goes on behind its end', /bytes/, Buffer.concat([aGlb(), Buffer.from('<html>')])],
    ['looks outside', /uri|outside/i, aGlb({ images: [{ uri: 'http://169.254.169.254/' }] })],
    ['has a circle', /node/i, aGlb({ nodes: [{ mesh: 0, children: [0] }] })],
    ['shows nothing', /triangle|geometry/i, aGlb({ nodes: [{}] })],
    ['is not valid', /UNDECLARED_EXTENSION|not valid/, aGlb({ nodes: [{ mesh: 0, extensions: { KHR_nothing: {} } }] })],
  ])('that %s is refused with what is wrong, and nothing is left', async (_, message, bytes) => {
    const { status, problem, owner } = await upload(storage, bytes);
    expect([status, problem.code]).toEqual([422, 'invalid_model']);
    expect(problem.message).toMatch(message);
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 0, objects: 0 });
  });
});

describe('an account', () => {
  let narrow: StorageServers;

  beforeAll(async () => {
    narrow = await storageServers();
    const settings = { MAX_CONCURRENT_UPLOADS: 64, MAX_FILES_PER_ACCOUNT: 3, MAX_BYTES_PER_ACCOUNT: 5000 };
    await Promise.all([narrow.start(settings), narrow.start(settings)]);
  }, 60_000);
  afterAll(() => narrow.drop());

  const tiny = (index: number) => aPicture({ width: 2 + index, height: 2 });
  const refusal = (what: string, limit: number, used: number) => ({
    code: 'storage_quota_exceeded',
    message: `The account keeps ${used} ${what}; at most ${limit} are possible`,
    details: { members: { limit, used } },
  });

  it('keeps so many files: of fifty at once no more become any', async () => {
    const owner = randomUUID();
    const tickets = await Promise.all(
      Array.from({ length: 50 }, () => narrow.rpc.call(openUpload, { owner_id: owner, filename: '' })),
    );
    const outcomes = await Promise.all(
      tickets.map(async ({ upload_url }, index) => put(upload_url, await tiny(index))),
    );
    expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const { problem } of outcomes.filter(({ status }) => status !== 201)) {
      expect(problem).toMatchObject(refusal('files', 3, 3));
    }
    expect(await leftoversOf(narrow, owner)).toEqual({ uploads: 0, files: 3, objects: 3 });
    const more = narrow.rpc.call(openUpload, { owner_id: owner, filename: '' });
    await expect(more).rejects.toMatchObject(refusal('files', 3, 3)); // before a byte is sent
    expect(await narrow.rpc.call(countFiles, { account_id: owner })).toMatchObject({ files: 3, max_files: 3 });
  });

  it('keeps so many bytes', async () => {
    const { owner, file } = await upload(narrow, await tiny(1));
    const bytes = await aPicture({ width: 60, height: 40 });
    expect((await upload(narrow, bytes, { owner })).problem).toMatchObject(refusal('bytes', 5000, file.size_bytes));
    expect(await leftoversOf(narrow, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
    expect(await narrow.rpc.call(countFiles, { account_id: owner })).toMatchObject({ max_bytes: 5000 });
  });

  it('has what its tasks make, whatever it keeps', async () => {
    const owner = randomUUID();
    for (const index of [0, 1, 2]) await upload(narrow, await tiny(index), { owner });
    const { request } = await deliver(narrow, owner);
    expect((await narrow.rpc.call(adoptArtifacts, request)).artifacts).toHaveLength(1);
    expect(await narrow.rpc.call(countFiles, { account_id: owner })).toMatchObject({ files: 4 });
  });
});
