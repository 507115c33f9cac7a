import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request, { type Response } from 'supertest';
import type { TaskView } from '#contracts';
import type { StackCoordinates } from '../local-stack/local-stack.js';
import { backUp, type BackupPlaces } from '../lathe/backup/back-up.js';
import { restore } from '../lathe/backup/restore.js';
import { Account, ComposedSystem } from './composed-system.js';

jest.setTimeout(300_000);

const settings = { LEASE_SECONDS: '6', RATE_LIMITS: 'off' };
const picture = path.resolve('tools/demo/sample.png');
const slow = { prompt: 'рыжая кошка', params: { geometry_resolution: 384 }, output_formats: ['glb'] };
const quick = { prompt: 'a star', output_formats: ['glb'] };

const placesOf = ({ database, objectStore }: StackCoordinates): BackupPlaces => ({
  databases: database.urls,
  store: objectStore,
});

/** Everything that an account can see of itself, byte for byte, and what it holds on to. */
interface Possessions {
  finished: TaskView;
  model: Response;
  file: { file_id: string };
  picture: Response;
  key: string;
  webhook: object;
  deleted: string;
}

async function possessionsOf(ada: Account): Promise<Possessions> {
  const { body: file } = await ada.post('/upload').attach('file', picture).expect(201);
  const id = await ada.generate({ images: [{ file_id: file.file_id }], output_formats: ['glb'] });
  const finished = await ada.ended(id);
  const deleted = await ada.generate(quick);
  await ada.ended(deleted);
  await ada.delete(`/generate/${deleted}`).expect(204);
  await ada.post('/webhooks/secret/rotate').expect(200);
  const { body: key } = await ada.post('/auth/api-keys', { name: 'mine', scopes: ['generate'] }).expect(201);
  return {
    finished,
    model: await ada.bytes(`/generate/${id}/result?format=glb`),
    file,
    picture: await ada.bytes(`/files/${file.file_id}`),
    key: key.key as string,
    webhook: (await ada.get('/webhooks/secret').expect(200)).body as object,
    deleted,
  };
}

describe('a system that was backed up while it ran, and destroyed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-backup-'));
  let system: ComposedSystem;
  let ada: Account;
  let had: Possessions;
  /** At the backup one of these runs and the others wait. */
  let unfinished: string[];

  beforeAll(async () => {
    const before = await ComposedSystem.start(settings);
    const secrets = { AUTH_SECRET: before.stack.authSecret, WEBHOOKS_SECRET: before.stack.webhooksSecret };
    try {
      const owner = await before.account();
      had = await possessionsOf(owner);
      unfinished = [await owner.generate(slow), await owner.generate(quick), await owner.generate(quick)];
      await owner.taskWhen(unfinished[0]!, ({ status }) => status === 'running');
      await backUp(placesOf(before.stack), folder);
      ada = owner;
    } finally {
      await before.stop();
    }
    system = await ComposedSystem.start(settings, {
      secrets,
      prepare: (stack) => restore(placesOf(stack), folder),
    });
    ada = new Account(system.services.gatewayUrl, ada.credentials, ada.tokens);
  });

  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('knows its accounts: tokens, keys and passwords of before are good', async () => {
    expect((await ada.get('/auth/profile').expect(200)).body.email).toBe(ada.credentials.email);
    const { api } = system;
    await api.get(`/generate/${had.finished.task_id}`).set('authorization', `Bearer ${had.key}`).expect(200);
    await api.post('/auth/login').send(ada.credentials).expect(200);
    await api.post('/auth/refresh').send({ refresh_token: ada.tokens.refresh_token }).expect(200);
  });

  it('has its tasks and the bytes of its files, and nothing that was removed', async () => {
    expect(await ada.task(had.finished.task_id)).toEqual(had.finished);
    const model = await ada.bytes(`/generate/${had.finished.task_id}/result?format=glb`);
    expect(Buffer.compare(model.body as Buffer, had.model.body as Buffer)).toBe(0);
    const bytes = await ada.bytes(`/files/${had.file.file_id}`);
    expect(Buffer.compare(bytes.body as Buffer, had.picture.body as Buffer)).toBe(0);
    await ada.get(`/generate/${had.deleted}`).expect(404);
  });

  it('signs webhooks with the secrets of before', async () => {
    expect((await ada.get('/webhooks/secret').expect(200)).body).toEqual(had.webhook);
  });

  it('finishes what ran and what waited, and takes new tasks', async () => {
    for (const id of unfinished) expect((await ada.ended(id)).status).toBe('succeeded');
    expect((await ada.ended(await ada.generate(quick))).status).toBe('succeeded');
    const { body } = await request(system.services.gatewayUrl)
      .get('/generate')
      .auth(ada.tokens.access_token, { type: 'bearer' })
      .expect(200);
    expect((body as { items: unknown[] }).items).toHaveLength(5);
  });
});
