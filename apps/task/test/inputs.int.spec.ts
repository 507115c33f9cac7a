import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import {
  type Conversion,
  type ConvertTask,
  convertTask,
  type CreatedTask,
  generationSucceeded,
  taskDispatched,
  type TaskView,
} from '#contracts';
import { AStorage } from './a-storage.js';
import { aConverter, anArtifact } from './a-task.js';
import { AnAccount, fingerprintOf } from './an-account.js';
import { TaskServers } from './task-service.js';

const glbType = 'model/gltf-binary';

describe('what a task starts from', () => {
  let servers: TaskServers;
  let storage: AStorage;
  let account: AnAccount;

  beforeAll(async () => {
    servers = await TaskServers.start(1, [taskDispatched]);
    storage = new AStorage(servers.broker.url);
    await storage.start();
    await servers.offer(100);
    await servers.offer(100, aConverter);
  });
  beforeEach(() => {
    account = new AnAccount(servers);
  });
  afterEach(() => {
    storage.down = false;
    storage.meanwhile = async () => {};
  });
  afterAll(async () => {
    await storage.stop();
    await servers.stop();
  });

  const held = (task_id: string): string[] | undefined => storage.holds.get(task_id)?.file_ids;
  const heldFor = ({ id }: AnAccount): string[] =>
    [...storage.holds.values()].filter(({ owner_id }) => owner_id === id).map(({ task_id }) => task_id);
  const picture = (): string => storage.keep(account.id, 'image/png');
  const glb = (): string => storage.keep(account.id, glbType);
  /** A task of the account that has ended with a GLB. */
  const made = async (): Promise<{ task_id: string; file_id: string }> => {
    const attempt = await account.running();
    const file_id = glb();
    const result = { ...attempt, artifacts: [anArtifact({ file_id })], quality_report: null };
    await servers.bridge.announce(generationSucceeded, result);
    await account.becomes(attempt.task_id, 'succeeded');
    return { task_id: attempt.task_id, file_id };
  };
  const ask = (source_task_id: string, about: Partial<ConvertTask> = {}): Promise<CreatedTask> => {
    const ids = { owner_id: account.id, source_task_id, task_id: uuidv7() };
    return servers.rpc.call(convertTask, { ...ids, output_formats: ['stl'], ...about });
  };
  const convert = async (source: string, about: Partial<Conversion> = {}): Promise<TaskView> =>
    (await ask(source, about)).task;
  const dispatchOf = async (task_id: string) => {
    await account.handedOut(task_id);
    return servers.bridge.heardOf(taskDispatched).find((it) => it.task_id === task_id);
  };

  describe('is held', () => {
    it('for the task until a while after its deadline, each file once', async () => {
      const [one, other] = [picture(), picture()];
      const images = [{ file_id: one }, { file_id: other }, { file_id: one }];
      const task = await account.create({ images, deadline_seconds: 60 });
      expect(held(task.task_id)).toEqual([one, other]);
      const until = Date.parse(storage.holds.get(task.task_id)!.until);
      expect(until - Date.parse(task.created_at)).toBe(60_000 + 900_000);
    });

    it('and handed to the model that takes it', async () => {
      const mesh = { file_id: glb() };
      const task = await account.create({ model: 'convert', prompt: undefined, mesh });
      expect(task).toMatchObject({ mesh, source_task_id: null, prompt: null, images: [] });
      expect(await dispatchOf(task.task_id)).toMatchObject({ model: 'convert', mesh });
      expect(held(task.task_id)).toEqual([mesh.file_id]);
    });

    it('for one task when a request under a key is sent many times at once', async () => {
      const images = [{ file_id: picture() }];
      const answers = await Promise.all(Array.from({ length: 8 }, () => account.ask({ images }, 'k')));
      expect(heldFor(account)).toEqual([answers[0]!.task.task_id]);
    });
  });

  describe('is refused, and nothing is held,', () => {
    it.each([
      ['a picture that is not there', () => ({ images: [{ file_id: randomUUID() }] }), '/images/0/file_id'],
      [
        "somebody else's picture",
        () => ({ images: [{ file_id: storage.keep(randomUUID(), 'image/png') }] }),
        '/images/0/file_id',
      ],
      [
        'a GLB in the place of a picture',
        () => ({ images: [{ file_id: picture() }, { file_id: glb() }] }),
        '/images/1/file_id',
      ],
      [
        'a picture in the place of a GLB',
        () => ({ model: 'convert', prompt: undefined, mesh: { file_id: picture() } }),
        '/mesh/file_id',
      ],
    ])('where it is %s', async (_, about, pointer) => {
      await expect(account.create(about())).rejects.toMatchObject({
        code: 'file_not_found',
        details: { errors: [expect.objectContaining({ pointer })] },
      });
      expect([await account.usage(), heldFor(account)]).toMatchObject([{ queued: 0, running: 0 }, []]);
    });

    it('where the task is one too many', async () => {
      await servers.offer(0);
      await Promise.all(Array.from({ length: 5 }, () => account.create()));
      const refusal = account.create({ images: [{ file_id: picture() }] });
      await expect(refusal).rejects.toMatchObject({ code: 'too_many_queued_tasks' });
      expect(heldFor(account)).toEqual([]);
      await servers.offer(100);
    });

    it('where the storage service cannot be asked', async () => {
      storage.down = true;
      const refusal = account.create({ images: [{ file_id: picture() }] });
      await expect(refusal).rejects.toMatchObject({ code: 'service_unavailable' });
      expect(await account.usage()).toMatchObject({ queued: 0, running: 0 });
    });

    it('but not for a task that was made under its id meanwhile', async () => {
      const about = { task_id: uuidv7(), images: [{ file_id: picture() }] };
      storage.meanwhile = async () => {
        storage.meanwhile = async () => {};
        await account.ask(about, 'k', fingerprintOf('first'));
      };
      await expect(account.ask(about, 'k', fingerprintOf('second'))).rejects.toMatchObject({
        code: 'idempotency_key_reused',
      });
      expect(held(about.task_id)).toHaveLength(1);
    });
  });

  describe('can be the model of a finished task', () => {
    it('which becomes a task of its own', async () => {
      const source = await made();
      const terms = { priority: 'low' as const, metadata: { order: '12' } };
      const task = await convert(source.task_id, { size_mm: 50, ...terms });
      expect(task).toMatchObject({
        status: 'queued',
        model: 'convert',
        source_task_id: source.task_id,
        mesh: { file_id: source.file_id },
        params: { size_mm: 50, compression: 'none' },
        output_formats: ['stl'],
        ...terms,
      });
      expect(held(task.task_id)).toEqual([source.file_id]);
      expect(await dispatchOf(task.task_id)).toMatchObject({ mesh: { file_id: source.file_id } });
      await account.remove(source.task_id);
      expect(await account.find(task.task_id)).toMatchObject({ source_task_id: source.task_id });
      expect((await account.events(task.task_id)).events[0]?.task).toMatchObject({ source_task_id: source.task_id });
    });

    it('once for a key, whatever has become of that task', async () => {
      const { task_id } = await made();
      const idempotency = { key: 'k', fingerprint: fingerprintOf('stl') };
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(task_id, { idempotency })));
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      await account.remove(task_id);
      expect(await ask(task_id, { idempotency })).toEqual({ replayed: true, task: answers[0]!.task });
      const other = { key: 'k', fingerprint: fingerprintOf('ply') };
      await expect(ask(task_id, { idempotency: other })).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    });

    it("but not of one that has not ended, that is somebody else's, or whose GLB was removed", async () => {
      const { task_id } = await account.running();
      await expect(convert(task_id)).rejects.toMatchObject({ code: 'task_not_finished' });
      const theirs = await made();
      account = new AnAccount(servers);
      for (const id of [theirs.task_id, randomUUID()]) {
        await expect(convert(id)).rejects.toMatchObject({ code: 'not_found' });
      }
      const mine = await made();
      storage.forget(mine.file_id);
      await expect(convert(mine.task_id)).rejects.toMatchObject({ code: 'file_not_found' });
      expect(heldFor(account)).toEqual([]);
    });
  });
});
