import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import {
  accountDataErased,
  accountErased,
  adoptArtifacts,
  findFile,
  openAttempt,
  openDownload,
  openUpload,
  type Problem,
} from '#contracts';
import { eventually, StandIn } from '#testing';
import { S3Client } from '../src/objects/s3.client.js';
import { deliver, writeTo } from './delivering.js';
import { aPicture } from './pictures.js';
import { keysBelow, leftOf, type Replica, type StorageServers, storageServers, waiting } from './storage-service.js';
import { put, upload } from './uploading.js';

let storage: StorageServers;
let replicas: Replica[];
let auth: StandIn;

beforeAll(async () => {
  storage = await storageServers();
  replicas = await Promise.all([storage.start(), storage.start()]);
  auth = await new StandIn(storage.broker.url, 'auth').hear(accountDataErased).start();
}, 60_000);
afterAll(async () => {
  await auth.stop();
  await storage.drop();
});

const erase = (account_id: string) => auth.announce(accountErased, { account_id });
const confirmations = (owner: string) =>
  auth.heardOf(accountDataErased).filter(({ account_id }) => account_id === owner);
/** What is under way may be waited for more than once, five seconds each time. */
const confirmed = (owner: string) =>
  eventually(() => expect(confirmations(owner)).toContainEqual({ account_id: owner, service: 'storage' }), 25_000);
const left = (owner: string) => leftOf(storage, owner);
const nothingLeft = (owner: string) => eventually(async () => expect(await left(owner)).toEqual({}));
const lookNow = (owner: string) =>
  storage.query('UPDATE erased_accounts SET look_at = now() WHERE account_id = $1', [owner]);
const gone = { code: 'not_found', message: 'No such account' };

describe('erasing an account', () => {
  it('removes every row and every object of it, and nothing of anybody else', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    const bytes = await aPicture();
    const { file } = await upload(storage, bytes, { owner: other });
    await upload(storage, bytes, { owner });
    for (const one of [owner, other]) {
      const { request: delivered } = await deliver(storage, one);
      await storage.rpc.call(adoptArtifacts, delivered);
    }
    await deliver(storage, owner); // which nobody adopts
    await storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.png' });
    await storage.s3.initiateNewMultipartUpload(storage.bucket, `tmp/${owner}/task/1/model.fbx`, {});
    expect(await left(owner)).toEqual({ files: 2, uploads: 1, objects: 4 });
    await erase(owner);
    await confirmed(owner);
    await nothingLeft(owner);
    expect(await left(other)).toEqual({ files: 2, objects: 2 });
    const { download_url } = await storage.rpc.call(openDownload, { owner_id: other, file_id: file.file_id });
    expect(Buffer.from(await (await fetch(download_url)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('lets nothing be made afterwards, and confirms each time it is said', async () => {
    const owner = randomUUID();
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.png' });
    const { request: delivered } = await deliver(storage, owner);
    await Promise.all([erase(owner), erase(owner)]);
    await confirmed(owner);
    expect((await put(upload_url, await aPicture())).problem.code).toBe('not_found');
    const attempt = { owner_id: owner, task_id: randomUUID(), attempt: 1, inputs: [], expires_seconds: 600 };
    const outputs = [{ name: 'model.glb', format: 'glb' as const }];
    await expect(storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.png' })).rejects.toMatchObject(gone);
    await expect(storage.rpc.call(openAttempt, { ...attempt, outputs })).rejects.toMatchObject(gone);
    await expect(storage.rpc.call(adoptArtifacts, delivered)).rejects.toMatchObject(gone);
    const said = confirmations(owner).length;
    await erase(owner);
    await eventually(() => expect(confirmations(owner).length).toBeGreaterThan(said));
    expect(await left(owner)).toEqual({});
  });

  it('waits for an upload under way, which then becomes nothing', async () => {
    const owner = randomUUID();
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.png' });
    const bytes = await aPicture({ width: 300, height: 300 });
    const sender = request(upload_url, { method: 'PUT', headers: { 'content-length': bytes.length } });
    const answer = new Promise<number | undefined>((resolve, reject) => {
      sender.on('error', reject);
      sender.on('response', (response) => resolve(response.resume().statusCode));
    });
    sender.write(bytes.subarray(0, 1000));
    await eventually(async () => {
      const [row] = await storage.query('SELECT claimed_at FROM uploads WHERE owner_id = $1', [owner]);
      expect(row).toMatchObject({ claimed_at: expect.any(Date) });
    });
    await erase(owner);
    await waiting(storage, owner);
    expect(confirmations(owner)).toEqual([]);
    sender.end(bytes.subarray(1000));
    expect(await answer).toBe(404);
    await lookNow(owner);
    await confirmed(owner);
    await nothingLeft(owner);
  });

  it('misses no upload that ends at the same moment', async () => {
    const bytes = await aPicture();
    const owners = Array.from({ length: 12 }, () => randomUUID());
    const statuses = await Promise.all(
      owners.map(async (owner) => {
        const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.png' });
        const [{ status }] = await Promise.all([put(upload_url, bytes), erase(owner)]);
        return status;
      }),
    );
    expect(statuses.filter((status) => status !== 201 && status !== 404)).toEqual([]);
    for (const owner of owners) {
      await confirmed(owner);
      expect(await left(owner)).not.toHaveProperty('files');
      await nothingLeft(owner);
    }
  }, 60_000);

  it('misses nothing that is adopted at the same moment', async () => {
    const owners = Array.from({ length: 12 }, () => randomUUID());
    const deliveries = await Promise.all(owners.map((owner) => deliver(storage, owner)));
    const adoptions = deliveries.map(({ request: delivered }) => storage.rpc.call(adoptArtifacts, delivered));
    const [outcomes] = await Promise.all([Promise.allSettled(adoptions), ...owners.map((owner) => erase(owner))]);
    const refusals = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as Problem] : []));
    expect(refusals.filter(({ code }) => code !== 'not_found' && code !== 'output_rejected')).toEqual([]);
    for (const owner of owners) {
      await confirmed(owner);
      await nothingLeft(owner);
    }
  }, 60_000);

  it('takes back what an adoption copied after the account was looked for', async () => {
    const owner = randomUUID();
    const { request: delivered, files } = await deliver(storage, owner);
    const spies = replicas.map(({ app }) => {
      const store = app.get(S3Client);
      const copy = store.copy.bind(store);
      return jest.spyOn(store, 'copy').mockImplementationOnce(async (...about) => {
        await erase(owner);
        await confirmed(owner);
        await writeTo(files); // as if the store had begun to copy before
        await copy(...about);
        expect(await left(owner)).toMatchObject({ objects: 2 });
      });
    });
    await expect(storage.rpc.call(adoptArtifacts, delivered)).rejects.toMatchObject(gone);
    await nothingLeft(owner);
    spies.forEach((spy) => spy.mockRestore());
  });

  it('removes what a worker writes late, without a word', async () => {
    const owner = randomUUID();
    const { files } = await deliver(storage, owner);
    await erase(owner);
    await confirmed(owner);
    const said = confirmations(owner).length;
    expect(await writeTo(files)).toBe(200); // an address that was given away cannot be taken back
    expect(await keysBelow(storage, `tmp/${owner}/`)).toHaveLength(1);
    await lookNow(owner);
    await nothingLeft(owner);
    expect(confirmations(owner)).toHaveLength(said);
  });

  it('removes hundreds of files portion by portion, also those whose objects are gone already', async () => {
    const owner = randomUUID();
    const { file } = await upload(storage, await aPicture(), { owner });
    await storage.query(
      `INSERT INTO files SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'sent_sha256', null))).*
       FROM files AS one, generate_series(1, 300) WHERE id = $1`,
      [file.file_id],
    );
    await erase(owner);
    await confirmed(owner);
    await nothingLeft(owner);
    await expect(storage.rpc.call(findFile, { owner_id: owner, file_id: file.file_id })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
