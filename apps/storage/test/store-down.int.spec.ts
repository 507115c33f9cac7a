import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthCheckResult } from '@nestjs/terminus';
import {
  accountDataErased,
  accountErased,
  adoptArtifacts,
  countFiles,
  findFile,
  listFiles,
  openDownload,
  removeFile,
} from '#contracts';
import { eventually, StandIn, type TestStore } from '#testing';
import { S3Server } from '../../../tools/local-stack/s3/server.js';
import { aPicture } from './pictures.js';
import { freePort, leftOf, type Replica, type StorageServers, storageServers, waiting } from './storage-service.js';
import { upload } from './uploading.js';

/** A store of the test's own, which it can stop. */
let store: TestStore & { port: number; dir: string };
let running: S3Server | undefined;
let storage: StorageServers;
let replica: Replica;

beforeAll(async () => {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'storage-test-'));
  store = { port, dir, endpoint: `http://127.0.0.1:${port}`, accessKey: 'test', secretKey: 'secret', bucket: 'files' };
  storage = await storageServers(store);
  replica = await storage.start();
}, 60_000);
afterAll(async () => {
  await storage.drop();
  await stop();
  await rm(store.dir, { recursive: true });
});

async function start(): Promise<void> {
  running = await S3Server.open({ dir: store.dir, accessKey: store.accessKey, secretKey: store.secretKey });
  await running.listen(store.port);
}

async function stop(): Promise<void> {
  await running?.close();
  running = undefined;
}

/** Ready, and what is said of the store. */
async function health(): Promise<unknown[]> {
  const answer = await fetch(`${replica.url}/health/ready`);
  const { status, details } = (await answer.json()) as HealthCheckResult;
  return [answer.status, status, details['store']?.status];
}

const [sound, degraded] = [
  [200, 'ok', 'up'],
  [200, 'degraded', 'degraded'],
];

async function timed<T>(work: Promise<T>): Promise<{ value: T; seconds: number }> {
  const begun = Date.now();
  return { value: await work, seconds: (Date.now() - begun) / 1000 };
}

async function expectRefusedUpload(): Promise<string> {
  const { value, seconds } = await timed(upload(storage, await aPicture()));
  expect([value.status, value.problem.code, value.problem.details.retryAfter]).toEqual([503, 'service_unavailable', 5]);
  expect(seconds).toBeLessThan(10);
  return value.owner;
}

async function expectRefusedAdoption(): Promise<void> {
  const artifact = { name: 'model.glb', format: 'glb', bytes: 4, sha256: '0'.repeat(64) };
  const request = { owner_id: randomUUID(), task_id: randomUUID(), attempt: 1, artifacts: [artifact] };
  const { value, seconds } = await timed(storage.rpc.call(adoptArtifacts, request).catch((error: unknown) => error));
  expect(value).toMatchObject({ code: 'service_unavailable', details: { retryAfter: 5 } });
  expect(seconds).toBeLessThan(10);
}

describe('without its store', () => {
  it('the service starts, says what is missing, and makes its bucket when the store comes', async () => {
    expect(await health()).toEqual(degraded);
    expect((await fetch(`${replica.url}/health/live`)).status).toBe(200);
    await start();
    await eventually(async () => expect(await health()).toEqual(sound));
    expect((await upload(storage, await aPicture())).status).toBe(201);
  });

  it('uploads and adoptions are refused at once, other questions are answered, and all is well again afterwards', async () => {
    const { owner, file } = await upload(storage, await aPicture());
    await stop();
    await expectRefusedUpload();
    await expectRefusedAdoption();
    expect(await storage.rpc.call(findFile, { owner_id: owner, file_id: file.file_id })).toEqual(file);
    expect(await storage.rpc.call(countFiles, { account_id: owner })).toMatchObject({ files: 1 });
    expect(await storage.rpc.call(listFiles, { owner_id: owner, limit: 20 })).toMatchObject({ items: [file] });
    expect(await storage.rpc.call(openDownload, { owner_id: owner, file_id: file.file_id })).toMatchObject({ file });
    await storage.rpc.call(removeFile, { owner_id: owner, file_id: file.file_id });
    await eventually(async () => expect(await health()).toEqual(degraded));
    const refused = await expectRefusedUpload();
    expect(await storage.query('SELECT id FROM uploads WHERE owner_id = $1', [refused])).toEqual([]);
    await start();
    await eventually(async () => expect((await upload(storage, await aPicture())).status).toBe(201));
  });

  it('an account is not forgotten: it is erased when the store is back, by another replica too', async () => {
    const { owner } = await upload(storage, await aPicture());
    const auth = await new StandIn(storage.broker.url, 'auth').hear(accountDataErased).start();
    const erased = { account_id: owner, service: 'storage' as const };
    await stop();
    await auth.announce(accountErased, { account_id: owner });
    await waiting(storage, owner);
    expect(await storage.query('SELECT 1 FROM files WHERE owner_id = $1', [owner])).toHaveLength(1);
    await replica.app.close();
    replica = await storage.start();
    expect(auth.heardOf(accountDataErased)).toEqual([]);
    await start();
    await eventually(() => expect(auth.heardOf(accountDataErased)).toContainEqual(erased), 15_000);
    await eventually(async () => expect(await leftOf(storage, owner)).toEqual({}));
    await auth.stop();
  });

  it('a store that takes connections and never answers is noticed as quickly', async () => {
    await stop();
    const silent = await silentServer(store.port);
    try {
      await expectRefusedUpload();
      await expectRefusedAdoption();
      expect(await health()).toEqual(degraded);
      const before = silent.connections;
      await Promise.all(Array.from({ length: 20 }, () => expectRefusedAdoption()));
      // one question serves all of them; the other calls look whether the store is back
      expect(silent.connections - before).toBeLessThan(5);
    } finally {
      silent.server.close();
    }
    await start();
    await eventually(async () => expect((await upload(storage, await aPicture())).status).toBe(201));
  });
});

async function silentServer(port: number): Promise<{ server: Server; connections: number }> {
  const silent = { server: createServer(), connections: 0 };
  silent.server.on('connection', (socket) => {
    silent.connections++;
    socket.on('error', () => undefined).unref();
  });
  await new Promise<void>((resolve) => {
    silent.server.listen(port, '127.0.0.1', resolve);
  });
  return silent;
}
