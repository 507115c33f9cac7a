import { randomUUID } from 'node:crypto';
import {
  accountErased,
  adoptArtifacts,
  findFile,
  openAttempt,
  type Problem,
  taskEnded,
  taskRemoved,
  type TaskEnded,
} from '#contracts';
import { eventually, StandIn } from '#testing';
import { S3Client } from '../src/objects/s3.client.js';
import { SweeperService } from '../src/sweeping/sweeper.service.js';
import { deliver, writeTo } from './delivering.js';
import { aPicture } from './pictures.js';
import { keysBelow, leftOf, type Replica, type StorageServers, storageServers } from './storage-service.js';
import { upload } from './uploading.js';

let storage: StorageServers;
let replicas: Replica[];
let task: StandIn;

beforeAll(async () => {
  storage = await storageServers();
  const quietly = { RETENTION_DAYS: 0, SWEEP_INTERVAL_MS: 3_600_000 };
  replicas = await Promise.all([storage.start(quietly), storage.start(quietly)]);
  task = await new StandIn(storage.broker.url, 'task').start();
}, 60_000);
afterAll(async () => {
  await task.stop();
  await storage.drop();
});

const ended = { code: 'not_found', message: 'The task has ended' };
type Named = Pick<TaskEnded, 'owner_id' | 'task_id'>;
const named = ({ owner_id, task_id }: Named): Named => ({ owner_id, task_id });
const end = (about: Named, file_ids: string[] = []) =>
  task.announce(taskEnded, { ...named(about), status: 'canceled', file_ids });
const rowOf = async ({ task_id }: Named) =>
  (
    await storage.query<{ looks: number; in_seconds: number }>(
      'SELECT looks, round(extract(epoch FROM look_at - ended_at))::int AS in_seconds FROM ended_tasks WHERE task_id = $1',
      [task_id],
    )
  )[0];
const looked = (about: Named, looks: number) =>
  eventually(async () => expect(await rowOf(about)).toMatchObject({ looks }));
const lookNow = ({ task_id }: Named) =>
  storage.query('UPDATE ended_tasks SET look_at = now() WHERE task_id = $1', [task_id]);
const keysOf = async ({ owner_id, task_id }: Named) => ({
  outputs: (await keysBelow(storage, `tmp/${owner_id}/${task_id}/`)).length,
  files: (await keysBelow(storage, `artifacts/${owner_id}/${task_id}/`)).length,
});
const filesOf = async ({ task_id }: Named) =>
  (await storage.query('SELECT id FROM files WHERE task_id = $1', [task_id])).length;
const adopt = async (about: Named) => {
  const { request, files } = await deliver(storage, about.owner_id, about.task_id);
  const { artifacts } = await storage.rpc.call(adoptArtifacts, request);
  return { request, files, artifacts };
};
const aTask = (): Named => ({ owner_id: randomUUID(), task_id: randomUUID() });

describe('the files of a task that has ended', () => {
  it('stay when they are its result, and everything else of it goes', async () => {
    const [about, other] = [aTask(), aTask()];
    const { artifacts } = await adopt(about);
    const kept = artifacts.map(({ file_id }) => file_id);
    await deliver(storage, about.owner_id, about.task_id); // an attempt that did not count
    await deliver(storage, other.owner_id, other.task_id);
    await storage.query(
      `INSERT INTO files SELECT (jsonb_populate_record(one, jsonb_build_object(
         'id', gen_random_uuid(), 'filename', 'other.glb'))).* FROM files AS one WHERE id = $1`,
      [kept[0]],
    );
    await storage.s3.putObject(storage.bucket, `artifacts/${about.owner_id}/${about.task_id}/stray`, Buffer.from('x'));
    await storage.s3.initiateNewMultipartUpload(storage.bucket, `tmp/${about.owner_id}/${about.task_id}/1/m.fbx`, {});
    await end(about, kept);
    await looked(about, 1);
    expect([await keysOf(about), await filesOf(about)]).toEqual([{ outputs: 0, files: 1 }, 1]);
    expect(await leftOf(storage, about.owner_id)).toEqual({ files: 1, objects: 1, ended_tasks: 1 });
    expect(await keysOf(other)).toEqual({ outputs: 1, files: 0 });
    expect(await storage.rpc.call(findFile, { owner_id: about.owner_id, file_id: kept[0]! })).toMatchObject({
      task_id: about.task_id,
    });
  });

  it('all go when it is removed, also when its end is heard afterwards', async () => {
    const about = aTask();
    const { artifacts } = await adopt(about);
    const kept = artifacts.map(({ file_id }) => file_id);
    await task.announce(taskRemoved, about);
    await eventually(async () =>
      expect([await keysOf(about), await filesOf(about)]).toEqual([{ outputs: 0, files: 0 }, 0]),
    );
    await end(about, kept);
    await looked(about, 1);
    const [row] = await storage.query<{ kept: string[]; removed: boolean }>(
      'SELECT kept, removed FROM ended_tasks WHERE task_id = $1',
      [about.task_id],
    );
    expect(row).toEqual({ kept: [], removed: true });
  });

  it('go hundreds at a time', async () => {
    const about = aTask();
    const { artifacts } = await adopt(about);
    await storage.query(
      `INSERT INTO files SELECT (jsonb_populate_record(one, jsonb_build_object(
         'id', gen_random_uuid(), 'filename', n || '.glb', 'object_key', one.object_key || n))).*
       FROM files AS one, generate_series(1, 250) AS n WHERE id = $1`,
      [artifacts[0]!.file_id],
    );
    await task.announce(taskRemoved, about);
    await eventually(async () => expect(await filesOf(about)).toBe(0));
    await looked(about, 1);
    expect(await keysOf(about)).toEqual({ outputs: 0, files: 0 });
  });
});

describe('what comes late for a task that has ended', () => {
  it('is not adopted, and no attempt of it is opened', async () => {
    const about = aTask();
    const { request } = await deliver(storage, about.owner_id, about.task_id);
    await end(about);
    await looked(about, 1);
    await expect(storage.rpc.call(adoptArtifacts, request)).rejects.toMatchObject(ended);
    const attempt = {
      ...about,
      attempt: 2,
      inputs: [],
      outputs: [{ name: 'a.glb', format: 'glb' as const }],
      expires_seconds: 60,
    };
    await expect(storage.rpc.call(openAttempt, attempt)).rejects.toMatchObject(ended);
  });

  it('is not adopted when the end is heard while it is being copied, and nothing of it stays', async () => {
    const about = aTask();
    const { request } = await deliver(storage, about.owner_id, about.task_id);
    const spies = replicas.map(({ app }) => {
      const store = app.get(S3Client);
      const copy = store.copy.bind(store);
      return jest.spyOn(store, 'copy').mockImplementationOnce(async (...from) => {
        await copy(...from);
        await end(about);
        await looked(about, 1);
        await storage.s3.putObject(storage.bucket, from[1], Buffer.from('as if it was still being copied'));
      });
    });
    await expect(storage.rpc.call(adoptArtifacts, request)).rejects.toMatchObject(ended);
    await eventually(async () =>
      expect([await keysOf(about), await filesOf(about)]).toEqual([{ outputs: 0, files: 0 }, 0]),
    );
    spies.forEach((spy) => spy.mockRestore());
  });

  it('misses nothing that is adopted at the same moment', async () => {
    const tasks = Array.from({ length: 12 }, aTask);
    const deliveries = await Promise.all(tasks.map((about) => deliver(storage, about.owner_id, about.task_id)));
    const adoptions = deliveries.map(({ request }) => storage.rpc.call(adoptArtifacts, request));
    const [outcomes] = await Promise.all([Promise.allSettled(adoptions), ...tasks.map((about) => end(about))]);
    const refusals = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as Problem] : []));
    expect(refusals.filter(({ code }) => code !== 'not_found' && code !== 'output_rejected')).toEqual([]);
    for (const about of tasks) {
      await eventually(async () =>
        expect([await keysOf(about), await filesOf(about)]).toEqual([{ outputs: 0, files: 0 }, 0]),
      );
    }
  });

  it('is cleared away again: after the lease, after an hour, after a day, and then the task is forgotten', async () => {
    const about = aTask();
    const { files } = await deliver(storage, about.owner_id, about.task_id);
    await end(about);
    for (const [looks, in_seconds] of [
      [1, 300],
      [2, 3600],
      [3, 90_000],
    ]) {
      await eventually(async () => expect(await rowOf(about)).toEqual({ looks, in_seconds }));
      expect(await writeTo(files)).toBe(200); // an address that was given away cannot be taken back
      await lookNow(about);
      await eventually(async () => expect((await keysOf(about)).outputs).toBe(0));
    }
    await eventually(async () => expect(await rowOf(about)).toBeUndefined());
  });

  it('leaves no mention of an account that is erased', async () => {
    const about = aTask();
    await end(about);
    await looked(about, 1);
    await task.announce(accountErased, { account_id: about.owner_id });
    await eventually(async () => expect(await leftOf(storage, about.owner_id)).toEqual({}));
    await end(about);
    await eventually(async () => expect(await storage.broker.depthOf('storage.events')).toBe(0));
    expect(await leftOf(storage, about.owner_id)).toEqual({});
  });
});

describe('a picture', () => {
  const sweep = async (days = 30) => {
    const { app } = await storage.start({ RETENTION_DAYS: days, SWEEP_INTERVAL_MS: 3_600_000 });
    await app.get(SweeperService).sweepPictures();
    await app.get(SweeperService).sweepUploads();
  };
  const aging = async (days: number, about = aTask()) => {
    const { file } = await upload(storage, await aPicture(), { owner: about.owner_id });
    await storage.query('UPDATE files SET used_at = now() - make_interval(days => $2) WHERE id = $1', [
      file.file_id,
      days,
    ]);
    return { owner_id: about.owner_id, file_id: file.file_id };
  };
  const stands = async ({ file_id }: { file_id: string }) =>
    (await storage.query('SELECT 1 FROM files WHERE id = $1', [file_id])).length === 1;

  it('that nobody used for thirty days goes with its object; what a task made, and a younger one, stay', async () => {
    const [old, young] = [await aging(31), await aging(29)];
    const { artifacts, request } = await adopt(aTask());
    await storage.query("UPDATE files SET used_at = '2020-01-01' WHERE id = $1", [artifacts[0]!.file_id]);
    await sweep();
    expect(await Promise.all([old, young, artifacts[0]!].map(stands))).toEqual([false, true, true]);
    expect(await keysBelow(storage, `inputs/${old.owner_id}/`)).toEqual([]);
    expect((await keysOf(request)).files).toBe(1);
  });

  it('stays when it is looked at or given to a worker again', async () => {
    const [seen, used] = [await aging(31), await aging(31)];
    await storage.rpc.call(findFile, seen);
    const outputs = [{ name: 'a.glb', format: 'glb' as const }];
    const attempt = { owner_id: used.owner_id, task_id: randomUUID(), attempt: 1, outputs, expires_seconds: 60 };
    await storage.rpc.call(openAttempt, { ...attempt, inputs: [{ file_id: used.file_id }] });
    await sweep();
    expect([await stands(seen), await stands(used)]).toEqual([true, true]);
  });

  it('stays for ever when RETENTION_DAYS is 0', async () => {
    const old = await aging(10_000);
    await sweep(0);
    expect(await stands(old)).toBe(true);
  });
});
