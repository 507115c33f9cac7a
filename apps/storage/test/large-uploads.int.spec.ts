import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openUpload } from '#contracts';
import { eventually } from '#testing';
import { aLargeGlb } from './glbs.js';
import { aPicture } from './pictures.js';
import { type Replica, type StorageServers, storageServers } from './storage-service.js';
import { leftoversOf, put, upload } from './uploading.js';

const mebibyte = 1024 * 1024;

let folder: string;
let storage: StorageServers;
let replica: Replica;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lathe-large-'));
  storage = await storageServers();
  const settings = { UPLOAD_DIR: folder, UPLOAD_MAX_BYTES: 256 * mebibyte, UPLOAD_TIMEOUT_MS: 60_000 };
  replica = await storage.start(settings);
}, 60_000);
afterAll(async () => {
  await storage.drop();
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

/** What lies on the disk of uploads under way. */
const spooled = () => readdirSync(folder).flatMap((name) => readdirSync(path.join(folder, name)));
const nothing = { uploads: 0, files: 0, objects: 0 };

describe('a large upload', () => {
  it('is stored in parts, and leaves nothing on the disk of the service', async () => {
    const { status, file, owner } = await upload(storage, ReadableStream.from(aLargeGlb(50 * mebibyte)), {
      filename: 'statue.glb',
    });
    expect({ status, file }).toMatchObject({
      status: 201,
      file: { filename: 'statue.glb', media_type: 'model/gltf-binary' },
    });
    expect(file.size_bytes).toBeGreaterThan(50 * mebibyte);
    expect(spooled()).toEqual([]);
    expect(await leftoversOf(storage, owner)).toEqual({ uploads: 0, files: 1, objects: 1 });
  }, 60_000);

  it('that is broken off while it is stored leaves nothing, no part of it either', async () => {
    const owner = randomUUID();
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename: 'a.glb' });
    const sender = request(upload_url, { method: 'PUT' });
    sender.on('error', () => undefined);
    const parts = async () =>
      (await storage.s3.listIncompleteUploads(storage.bucket, `inputs/${owner}`, true).toArray()).length;
    const sending = (async () => {
      for (const piece of aLargeGlb(100 * mebibyte)) {
        if (!sender.write(piece)) await new Promise((resolve) => sender.once('drain', resolve));
      }
      sender.end();
    })();
    await sending;
    await eventually(async () => expect(await parts()).toBe(1), 20_000, 5);
    sender.destroy();
    await eventually(async () =>
      expect([await leftoversOf(storage, owner), await parts(), spooled()]).toEqual([nothing, 0, []]),
    );
  }, 60_000);
});

describe('an upload', () => {
  it('that is refused or broken off leaves nothing on the disk', async () => {
    await upload(storage, Buffer.from('<html>'));
    await upload(storage, (await aPicture()).subarray(0, 300));
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: randomUUID(), filename: '' });
    const sender = request(upload_url, { method: 'PUT', headers: { 'content-length': 1000 } });
    sender.on('error', () => undefined);
    sender.write('x');
    await eventually(() => expect(spooled()).toHaveLength(1));
    sender.destroy();
    await eventually(() => expect(spooled()).toEqual([]));
  });

  it('that stands still is given up, and answered', async () => {
    const { url } = await storage.start({ UPLOAD_DIR: folder, UPLOAD_TIMEOUT_MS: 1000 });
    const owner = randomUUID();
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: owner, filename: '' });
    const endless = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('x')) });
    const { status, problem } = await put(`${url}${new URL(upload_url).pathname}`, endless);
    expect([status, problem.code]).toEqual([422, 'malformed_request']);
    await eventually(async () => expect([await leftoversOf(storage, owner), spooled()]).toEqual([nothing, []]));
  });

  it('that a leaving service had begun to take is taken to its end', async () => {
    const leaving = await storage.start({ UPLOAD_DIR: folder });
    const picture = await aPicture();
    const { upload_url } = await storage.rpc.call(openUpload, { owner_id: randomUUID(), filename: 'mug.png' });
    const halfway = new EventEmitter();
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(picture.subarray(0, 300));
        await once(halfway, 'on');
        controller.enqueue(picture.subarray(300));
        controller.close();
      },
    });
    const before = spooled().length;
    const answer = put(`${leaving.url}${new URL(upload_url).pathname}`, body);
    await eventually(() => expect(spooled()).toHaveLength(before + 1));
    const closed = leaving.app.close();
    await eventually(() => expect(fetch(`${leaving.url}/health/live`)).rejects.toThrow('fetch failed'));
    halfway.emit('on');
    expect((await answer).status).toBe(201);
    await closed;
  });

  it('is not taken by a service that has ended, and its place is gone', async () => {
    const other = await storage.start({ UPLOAD_DIR: folder });
    const before = readdirSync(folder).length;
    await other.app.close();
    expect(readdirSync(folder)).toHaveLength(before - 1);
    expect((await fetch(`${replica.url}/health/live`)).status).toBe(200);
  });
});
