import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import {
  type Attempt,
  finalStatuses,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  taskChanged,
  taskDispatched,
  type TaskEvent,
  taskEnded,
} from '#contracts';
import { eventually } from '#testing';
import { anArtifact } from './a-task.js';
import { AnAccount } from './an-account.js';
import { TaskServers } from './task-service.js';

const artifact = anArtifact();
const error = { code: 'internal', message: 'the disk was full', retryable: false, stage: 'upload' };
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const isFinal = ({ task }: TaskEvent): boolean => finalStatuses.some((status) => status === task.status);

describe('the events of a task', () => {
  let servers: TaskServers;
  let looking: DataSource;
  let account: AnAccount;

  beforeAll(async () => {
    servers = await TaskServers.start(2, [taskDispatched, taskChanged, taskEnded]);
    looking = await new DataSource({ type: 'postgres', url: servers.database.urlOf('task') }).initialize();
    await servers.offer(100);
  });
  beforeEach(() => {
    account = new AnAccount(servers);
  });
  afterAll(async () => {
    await looking.destroy();
    await servers.stop();
  });

  const allTaken = (messages: string[]): Promise<void> =>
    eventually(async () => {
      const taken = await looking.query<unknown[]>('SELECT 1 FROM inbox WHERE message_id = ANY($1)', [messages]);
      expect(taken).toHaveLength(messages.length);
    });

  /** Reports progress, and waits until it was taken in. */
  const progress = async (attempt: Attempt, percent: number, stage: string): Promise<void> => {
    const id = randomUUID();
    await servers.bridge.announce(generationProgressed, { ...attempt, percent, stage }, id);
    await allTaken([id]);
  };

  it('are one for each change that its owner can see, with the task as it was then', async () => {
    const attempt = await account.running();
    await progress(attempt, 30, 'inflate');
    await progress(attempt, 60, 'texture');
    const result = { ...attempt, artifacts: [artifact], quality_report: { triangles: 12 } };
    await servers.bridge.announce(generationSucceeded, result);
    const done = await account.becomes(attempt.task_id, 'succeeded');
    const { events, complete } = await account.events(attempt.task_id, 0);
    expect(complete).toBe(true);
    expect(events.map(({ seq, task }) => [seq, task.status, task.progress, task.stage, task.metrics.attempts])).toEqual(
      [
        [1, 'queued', 0, null, 0],
        [2, 'queued', 0, null, 1],
        [3, 'running', 0, null, 1],
        [4, 'running', 30, 'inflate', 1],
        [5, 'running', 60, 'texture', 1],
        [6, 'succeeded', 100, null, 1],
      ],
    );
    expect(events.at(-1)?.task).toEqual(done);
    expect(events[3]?.task).toEqual({
      ...done,
      status: 'running',
      stage: 'inflate',
      progress: 30,
      artifacts: [],
      quality_report: null,
      completed_at: null,
      expires_at: null,
      metrics: { ...done.metrics, execution_ms: null },
    });
    await eventually(() => {
      const said = servers.bridge.heardOf(taskChanged).filter(({ task_id }) => task_id === attempt.task_id);
      expect(new Set(said.map(({ seq }) => seq))).toEqual(new Set(upTo(6)));
    });
    const ended = servers.bridge.heardOf(taskEnded).filter(({ task_id }) => task_id === attempt.task_id);
    expect(ended).toEqual([
      { task_id: attempt.task_id, owner_id: account.id, status: 'succeeded', file_ids: [artifact.file_id] },
    ]);
  });

  it('can be read on from any of them, a part at a time, until nothing comes any more', async () => {
    const attempt = await account.running();
    for (let percent = 1; percent <= 22; percent++) await progress(attempt, percent, 'inflate');
    const missed = await account.events(attempt.task_id, 5);
    expect(missed.events.map(({ seq }) => seq)).toEqual(upTo(25).slice(5));
    expect(missed.complete).toBe(false);
    await servers.bridge.announce(generationFailed, { ...attempt, error });
    const failed = await account.becomes(attempt.task_id, 'failed');
    const part = await account.events(attempt.task_id, 5, 7);
    expect([part.events.map(({ seq }) => seq), part.complete]).toEqual([upTo(12).slice(5), false]);
    const rest = await account.events(attempt.task_id, 12, 14);
    expect([rest.events.map(({ seq }) => seq), rest.complete]).toEqual([upTo(26).slice(12), true]);
    expect(rest.events.at(-1)).toEqual({ seq: 26, task: failed });
    expect(await account.events(attempt.task_id, 26)).toEqual({ events: [], complete: true });
  });

  it('are the newest state alone for whoever has seen none, or one that never was', async () => {
    const attempt = await account.running();
    await progress(attempt, 30, 'inflate');
    const newest = { events: [{ seq: 4, task: await account.find(attempt.task_id) }], complete: false };
    expect(await account.events(attempt.task_id)).toEqual(newest);
    expect(await account.events(attempt.task_id, 999)).toEqual(newest);
    expect(await account.events(attempt.task_id, 4)).toEqual({ events: [], complete: false });
  });

  it('are none when a worker says only that it is alive; its lease is renewed all the same', async () => {
    const attempt = await account.running();
    await progress(attempt, 30, 'inflate');
    const leaseOf = async (): Promise<Date> =>
      (await looking.query<[{ at: Date }]>('SELECT lease_until AS at FROM tasks WHERE id = $1', [attempt.task_id]))[0]
        .at;
    const before = await leaseOf();
    for (let beat = 0; beat < 3; beat++) await progress(attempt, 30, 'inflate');
    expect((await leaseOf()).getTime()).toBeGreaterThan(before.getTime());
    expect((await account.events(attempt.task_id, 3)).events.map(({ seq }) => seq)).toEqual([4]);
  });

  it('grow one by one and end with the one final event, however the reports race', async () => {
    const attempts = await Promise.all(Array.from({ length: 5 }, () => account.running()));
    const messages: string[] = [];
    const say = (announce: (id: string) => Promise<void>): Promise<void>[] => {
      const id = randomUUID();
      messages.push(id);
      return [announce(id), announce(id)];
    };
    const { bridge } = servers;
    await Promise.all(
      attempts.flatMap((attempt) => [
        ...upTo(20).flatMap((n) =>
          say((id) => bridge.announce(generationProgressed, { ...attempt, percent: n * 4, stage: `${n}` }, id)),
        ),
        ...say((id) => bridge.announce(generationAccepted, attempt, id)),
        ...say((id) =>
          bridge.announce(generationSucceeded, { ...attempt, artifacts: [artifact], quality_report: null }, id),
        ),
        ...say((id) => bridge.announce(generationFailed, { ...attempt, error }, id)),
        ...say((id) => bridge.announce(generationCanceled, attempt, id)),
        account.cancel(attempt.task_id).catch(() => undefined),
      ]),
    );
    await allTaken(messages);
    for (const { task_id } of attempts) {
      await eventually(async () => expect((await account.events(task_id)).complete).toBe(true));
      const { events } = await account.events(task_id, 0);
      expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
      expect(events.filter(isFinal)).toEqual(events.slice(-1));
      const bar = events.map(({ task }) => task.progress);
      expect(bar).toEqual(bar.toSorted((one, other) => one - other));
      await eventually(() =>
        expect(servers.bridge.heardOf(taskEnded).filter((it) => it.task_id === task_id)).toHaveLength(1),
      );
    }
  });

  it("are not found for a task that is another account's, or that is removed", async () => {
    const { task_id } = await account.create();
    await expect(new AnAccount(servers).events(task_id, 0)).rejects.toMatchObject({ code: 'not_found' });
    await account.remove(task_id);
    await expect(account.events(task_id, 0)).rejects.toMatchObject({ code: 'not_found' });
    await eventually(async () =>
      expect(await looking.query('SELECT 1 FROM task_events WHERE task_id = $1', [task_id])).toEqual([]),
    );
  });

  it('begin with the next change of a task that is older than the log', async () => {
    const attempt = await account.running();
    await looking.query('DELETE FROM task_events WHERE task_id = $1', [attempt.task_id]);
    await looking.query('UPDATE tasks SET seq = 0 WHERE id = $1', [attempt.task_id]);
    expect(await account.events(attempt.task_id)).toMatchObject({ events: [{ seq: 0 }], complete: false });
    expect(await account.events(attempt.task_id, 0)).toEqual({ events: [], complete: false });
    await servers.bridge.announce(generationFailed, { ...attempt, error });
    await account.becomes(attempt.task_id, 'failed');
    expect(await account.events(attempt.task_id, 0)).toMatchObject({
      events: [{ seq: 1, task: { status: 'failed', error } }],
      complete: true,
    });
  });
});
