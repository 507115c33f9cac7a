import { randomUUID } from 'node:crypto';
import { findFile } from '#contracts';
import { ReconciliationService } from '../src/sweeping/reconciliation.service.js';
import { aPicture } from './pictures.js';
import { keysBelow, type Replica, type StorageServers, storageServers } from './storage-service.js';
import { upload } from './uploading.js';

let storage: StorageServers;
let replica: Replica;

beforeAll(async () => {
  storage = await storageServers();
  replica = await storage.start();
}, 60_000);
afterAll(() => storage.drop());
afterEach(async () => {
  await storage.query('DELETE FROM files');
  for (const key of await keysBelow(storage)) await storage.s3.removeObject(storage.bucket, key);
});

const hours = 3_600_000;
/** Twice at once, as two replicas may do it. */
const reconcile = async (inHours: number) => {
  const now = new Date(Date.now() + inHours * hours);
  await Promise.all([1, 2].map(() => replica.app.get(ReconciliationService).reconcile(now)));
};
const put = (key: string) => storage.s3.putObject(storage.bucket, key, Buffer.from('something'));

interface Kept {
  owner_id: string;
  file_id: string;
  key: string;
}

async function aFile(): Promise<Kept> {
  const { owner, file } = await upload(storage, await aPicture());
  return { owner_id: owner, file_id: file.file_id, key: `inputs/${owner}/${file.file_id}` };
}

const stands = ({ owner_id, file_id }: Kept): Promise<boolean> =>
  storage.rpc.call(findFile, { owner_id, file_id }).then(
    () => true,
    () => false,
  );

/** As many files as said, each with its object, made behind the service's back. */
async function manyFiles(count: number, objects = count): Promise<void> {
  const like = await aFile();
  const rows = await storage.query<{ object_key: string }>(
    `INSERT INTO files SELECT (jsonb_populate_record(one, jsonb_build_object(
       'id', gen_random_uuid(), 'sent_sha256', null, 'object_key', 'inputs/many/' || gen_random_uuid()))).*
     FROM files AS one, generate_series(1, $2) WHERE id = $1 RETURNING object_key`,
    [like.file_id, count],
  );
  for (const { object_key } of rows.slice(0, objects)) await put(object_key);
}

const counts = async () => ({
  files: (await storage.query('SELECT 1 FROM files')).length,
  objects: (await keysBelow(storage)).length,
});

describe('the store and the files', () => {
  it('agree after a day: what only one of them has is removed', async () => {
    const [whole, lost] = [await aFile(), await aFile()];
    const strays = [`inputs/${randomUUID()}/${randomUUID()}`, `artifacts/${randomUUID()}/${randomUUID()}/stray`];
    for (const key of strays) await put(key);
    await put('others/are-not-ours');
    await storage.s3.removeObject(storage.bucket, lost.key);
    await reconcile(23);
    expect([await stands(lost), (await keysBelow(storage)).length]).toEqual([true, 4]);
    await reconcile(25);
    expect([await stands(whole), await stands(lost)]).toEqual([true, false]);
    expect((await keysBelow(storage)).toSorted()).toEqual([whole.key, 'others/are-not-ours']);
  });

  it('are compared page by page', async () => {
    await manyFiles(1100, 0);
    await storage.query("UPDATE files SET created_at = now() + interval '2 hours'"); // on their way
    const lost = [await aFile(), await aFile()];
    for (const [n, { file_id, key }] of lost.entries()) {
      await storage.query('UPDATE files SET object_key = $2 WHERE id = $1', [file_id, `inputs/${n === 0 ? 'a' : 'z'}`]);
      await storage.s3.removeObject(storage.bucket, key);
    }
    await Promise.all(['a', 'many/0', 'z'].map((name) => put(`inputs/${name}/stray`)));
    await reconcile(25);
    expect(await counts()).toEqual({ files: 1101, objects: 1 });
  });

  it('are left alone when the bucket is empty', async () => {
    const file = await aFile();
    await storage.s3.removeObject(storage.bucket, file.key);
    await reconcile(25);
    expect(await stands(file)).toBe(true);
  });

  it('are left alone when half of the files have no object: it may be the wrong bucket', async () => {
    await manyFiles(25, 10);
    await reconcile(25);
    expect(await counts()).toEqual({ files: 26, objects: 11 });
  });

  it('are left alone when half of the objects have no file: it may be the wrong database', async () => {
    await manyFiles(5);
    await Promise.all(Array.from({ length: 11 }, (_, n) => put(`inputs/stray/${n}`)));
    await reconcile(25);
    expect(await counts()).toEqual({ files: 6, objects: 17 });
  });
});
