import { randomUUID } from 'node:crypto';
import {
  accountErased,
  adoptArtifacts,
  discardUpload,
  type FileView,
  findFile,
  holdFiles,
  listFiles,
  openDownload,
  releaseFiles,
  removeFile,
  taskEnded,
  taskRemoved,
} from '#contracts';
import { eventually, StandIn } from '#testing';
import { FilesService } from '../src/files/files.service.js';
import { HoldsRepository } from '../src/holds/holds.repository.js';
import { SweeperService } from '../src/sweeping/sweeper.service.js';
import { deliver } from './delivering.js';
import { aPicture } from './pictures.js';
import { keysBelow, leftOf, type Replica, type StorageServers, storageServers } from './storage-service.js';
import { upload } from './uploading.js';

let storage: StorageServers;
let replicas: Replica[];
let task: StandIn;

beforeAll(async () => {
  storage = await storageServers();
  const quietly = { SWEEP_INTERVAL_MS: 3_600_000 };
  replicas = await Promise.all([storage.start(quietly), storage.start(quietly)]);
  task = await new StandIn(storage.broker.url, 'task').start();
}, 60_000);
afterAll(async () => {
  await task.stop();
  await storage.drop();
});

interface Owned {
  owner_id: string;
  file_id: string;
}

/** A picture of somebody. */
async function aFile(owner_id: string = randomUUID(), width = 64): Promise<Owned> {
  const { file } = await upload(storage, await aPicture({ width }), { owner: owner_id });
  return { owner_id, file_id: file.file_id };
}

/** What a task of somebody made. */
async function aModel(owner_id: string = randomUUID()): Promise<Owned & { task_id: string }> {
  const { request } = await deliver(storage, owner_id);
  const { artifacts } = await storage.rpc.call(adoptArtifacts, request);
  return { owner_id, file_id: artifacts[0]!.file_id, task_id: request.task_id };
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const hold = (files: Owned[], task_id: string = randomUUID(), until = inMinutes(10)) =>
  storage.rpc.call(holdFiles, {
    owner_id: files[0]!.owner_id,
    task_id,
    file_ids: files.map(({ file_id }) => file_id),
    until,
  });
const remove = ({ owner_id, file_id }: Owned) => storage.rpc.call(removeFile, { owner_id, file_id });
const stands = ({ owner_id, file_id }: Owned): Promise<boolean> =>
  storage.rpc.call(findFile, { owner_id, file_id }).then(
    () => true,
    () => false,
  );
const objectsOf = async ({ owner_id }: Owned) =>
  [...(await keysBelow(storage, `inputs/${owner_id}/`)), ...(await keysBelow(storage, `artifacts/${owner_id}/`))]
    .length;
const sweep = async () => {
  for (const { app } of replicas) {
    await app.get(SweeperService).sweepRemoved();
    await app.get(SweeperService).sweepUploads();
  }
};
const holdsOf = async ({ file_id }: Owned) =>
  (await storage.query('SELECT 1 FROM file_holds WHERE file_id = $1', [file_id])).length;
const notFound = { code: 'not_found' };
const inUse = { code: 'file_in_use' };

describe('the list of files', () => {
  it('has the files of its owner, newest first, page by page', async () => {
    const owner_id = randomUUID();
    const files: Owned[] = [];
    for (const width of [10, 20, 30, 40, 50]) files.unshift(await aFile(owner_id, width));
    await aFile();
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const { items, next_cursor } = await storage.rpc.call(listFiles, {
        owner_id,
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      pages.push(items.map(({ file_id }: FileView) => file_id));
      cursor = next_cursor ?? undefined;
    } while (cursor);
    const ids = files.map(({ file_id }) => file_id);
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('can be of one kind, shows each file as it is, and is empty for who has none', async () => {
    const [picture, owner_id] = [await aFile(), randomUUID()];
    const model = await aModel(picture.owner_id);
    const list = (about: object) => storage.rpc.call(listFiles, { owner_id: picture.owner_id, limit: 20, ...about });
    const view = await storage.rpc.call(findFile, { owner_id: model.owner_id, file_id: model.file_id });
    expect(await list({ kind: 'model' })).toEqual({ items: [view], next_cursor: null });
    expect((await list({ kind: 'input' })).items.map(({ file_id }) => file_id)).toEqual([picture.file_id]);
    expect(await list({ kind: 'preview' })).toEqual({ items: [], next_cursor: null });
    expect(await list({ owner_id })).toEqual({ items: [], next_cursor: null });
    await expect(list({ cursor: 'bm9wZQ' })).rejects.toMatchObject({ code: 'invalid_parameters' });
  });
});

describe('a file', () => {
  it.each([
    ['that was uploaded', () => aFile()],
    ['that a task made', () => aModel()],
  ])('%s can be removed, once, and its object goes with the next sweep', async (_, make) => {
    const file = await make();
    await expect(remove({ ...file, owner_id: randomUUID() })).rejects.toMatchObject(notFound);
    expect(await stands(file)).toBe(true);
    const outcomes = await Promise.allSettled([remove(file), remove(file), remove(file)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([await stands(file), await objectsOf(file)]).toEqual([false, 1]);
    await sweep();
    expect(await objectsOf(file)).toBe(0);
    expect(await leftOf(storage, file.owner_id)).toEqual({});
  });

  it('leaves its object to another file that is the same', async () => {
    const file = await aModel();
    await storage.query(
      `INSERT INTO files SELECT (jsonb_populate_record(one, jsonb_build_object(
         'id', gen_random_uuid(), 'filename', 'other.glb'))).* FROM files AS one WHERE id = $1`,
      [file.file_id],
    );
    await remove(file);
    await sweep();
    expect([await stands(file), await objectsOf(file)]).toEqual([false, 1]);
    expect(await storage.query('SELECT 1 FROM removed_objects WHERE owner_id = $1', [file.owner_id])).toEqual([]);
  });

  it('that is removed, or held, is forgotten with its account', async () => {
    const file = await aFile();
    await hold([await aFile(file.owner_id, 32)]);
    await remove(file);
    await task.announce(accountErased, { account_id: file.owner_id });
    await eventually(async () => expect(await leftOf(storage, file.owner_id)).toEqual({}));
  });

  it('has an address for clients where the deployment says how they reach the store', async () => {
    const file = await aFile();
    const { download_url, ...answered } = await storage.rpc.call(openDownload, { ...file, redirect: true });
    expect(answered).not.toHaveProperty('public_url');
    const S3_PUBLIC_ENDPOINT = new URL(download_url).origin.replace('127.0.0.1', 'localhost');
    const { app } = await storage.start({ SWEEP_INTERVAL_MS: 3_600_000, S3_PUBLIC_ENDPOINT });
    const service = app.get(FilesService);
    expect(await service.openDownload(file)).not.toHaveProperty('public_url');
    const { public_url } = await service.openDownload({ ...file, redirect: true });
    await app.close();
    expect(new URL(public_url!).origin).toBe(S3_PUBLIC_ENDPOINT);
    const answer = await fetch(public_url!);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="mug.png"');
    expect(answer.headers.get('cache-control')).toMatch(/^private/);
  });
});

describe('a file that a task holds', () => {
  it('is not removed until the task has ended', async () => {
    const [file, other, task_id] = [await aFile(), randomUUID(), randomUUID()];
    const { files } = await hold([file, file], task_id);
    expect(files.map(({ file_id }) => file_id)).toEqual([file.file_id]);
    await expect(remove(file)).rejects.toMatchObject(inUse);
    await storage.rpc.call(discardUpload, file);
    expect(await stands(file)).toBe(true);
    await task.announce(taskEnded, { owner_id: file.owner_id, task_id: other, status: 'succeeded', file_ids: [] });
    await task.announce(taskEnded, { owner_id: file.owner_id, task_id, status: 'succeeded', file_ids: [] });
    await eventually(() => remove(file));
    await expect(hold([file], task_id)).rejects.toMatchObject(notFound);
  });

  it.each([
    ['is removed', (owner_id: string, task_id: string) => task.announce(taskRemoved, { owner_id, task_id })],
    ['was not made', (owner_id: string, task_id: string) => storage.rpc.call(releaseFiles, { owner_id, task_id })],
  ])('is free when the task %s, and another one does not need it', async (_, end) => {
    const [file, tasks] = [await aFile(), [randomUUID(), randomUUID()]];
    for (const task_id of tasks) await hold([file], task_id);
    await end(file.owner_id, tasks[0]!);
    await eventually(async () => expect(await holdsOf(file)).toBe(1));
    await expect(remove(file)).rejects.toMatchObject(inUse);
    await end(randomUUID(), tasks[1]!);
    await end(file.owner_id, tasks[1]!);
    await eventually(() => remove(file));
  });

  it('is free when the time is over, which is the longer of two', async () => {
    const [file, task_id] = [await aFile(), randomUUID()];
    await hold([file], task_id);
    await hold([file], task_id, inMinutes(-1));
    await expect(remove(file)).rejects.toMatchObject(inUse);
    await storage.query("UPDATE file_holds SET held_until = now() - interval '1 second' WHERE task_id = $1", [task_id]);
    await replicas[0]!.app.get(HoldsRepository).forgetPast();
    expect(await holdsOf(file)).toBe(0);
    await remove(file);
  });

  it('is none when one of them is missing or of somebody else', async () => {
    const [file, theirs] = [await aFile(), await aFile()];
    const { files } = await hold([file, { ...theirs, owner_id: file.owner_id }]);
    expect(files.map(({ file_id }) => file_id)).toEqual([file.file_id]);
    expect([await holdsOf(file), await holdsOf(theirs)]).toEqual([0, 0]);
    await remove(file);
  });

  it('stays when it was last used long ago', async () => {
    const [held, free] = [await aFile(), await aFile()];
    await hold([held]);
    for (const { file_id } of [held, free]) {
      await storage.query("UPDATE files SET used_at = now() - interval '40 days' WHERE id = $1", [file_id]);
    }
    await replicas[0]!.app.get(SweeperService).sweepPictures();
    expect([await stands(held), await stands(free)]).toEqual([true, false]);
  });

  it('is either held or removed when both are asked for at once', async () => {
    const files = await Promise.all(Array.from({ length: 20 }, (_, n) => aFile(undefined, 20 + n)));
    const outcomes = await Promise.all(
      files.map(async (file, n) => {
        const holding = () => hold([file]).then(({ files: held }) => held.length === 1);
        const ending = () => (n % 3 === 0 ? storage.rpc.call(discardUpload, file) : remove(file)).catch(() => null);
        const begun = n % 2 === 0 ? ending() : undefined;
        const held = holding();
        await Promise.all([begun ?? ending(), held]);
        return { held: await held, stands: await stands(file) };
      }),
    );
    expect(outcomes.filter((it) => it.held !== it.stands)).toEqual([]);
  });

  it('stays when the task that made it is removed, and goes when it is needed no longer', async () => {
    const [model, needing] = [await aModel(), randomUUID()];
    await hold([model], needing);
    await task.announce(taskRemoved, { owner_id: model.owner_id, task_id: model.task_id });
    await eventually(async () => {
      const [row] = await storage.query<{ seconds: number }>(
        'SELECT extract(epoch FROM look_at - now())::float AS seconds FROM ended_tasks WHERE task_id = $1',
        [model.task_id],
      );
      expect(row?.seconds).toBeGreaterThan(500);
    });
    expect([await stands(model), await objectsOf(model)]).toEqual([true, 1]);
    await task.announce(taskEnded, { owner_id: model.owner_id, task_id: needing, status: 'succeeded', file_ids: [] });
    await eventually(async () => expect([await stands(model), await objectsOf(model)]).toEqual([false, 0]));
  });
});
