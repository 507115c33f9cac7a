import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import {
  accountErased,
  cancelTask,
  findTask,
  generationAccepted,
  generationFailed,
  generationSucceeded,
  removeTask,
  rotateWebhookSecret,
  taskDispatched,
} from '#contracts';
import { eventually, mentionsOf, StandIn } from '#testing';
import type { TaskConfig } from '../src/task.config.js';
import { taskDatabase } from '../src/task.database.js';
import { DeliveriesRepository } from '../src/webhooks/deliveries.repository.js';
import { anArtifact } from './a-task.js';
import { verified } from './receiver.js';
import { WebhookBench } from './webhook-bench.js';

describe('webhooks', () => {
  let bench: WebhookBench;
  beforeAll(async () => {
    bench = await WebhookBench.start();
  });
  beforeEach(() => bench.newReceiver());
  afterEach(() => bench.receiver.stop());
  afterAll(() => bench.stop());

  describe('tell how a task ended', () => {
    const artifact = anArtifact();
    const failure = { code: 'out_of_memory', message: 'no', retryable: false, stage: null };
    const endings: Record<string, (attempt: { task_id: string; attempt: number }) => Promise<unknown>> = {
      'task.succeeded': (attempt) =>
        bench.servers.bridge.announce(generationSucceeded, { ...attempt, artifacts: [artifact], quality_report: null }),
      'task.failed': (attempt) => bench.servers.bridge.announce(generationFailed, { ...attempt, error: failure }),
      'task.expired': ({ task_id }) =>
        bench.looking.query('UPDATE tasks SET deadline_at = now() WHERE id = $1', [task_id]),
      'task.canceled': ({ task_id }) =>
        bench.looking.query("UPDATE tasks SET status = 'canceling', cancel_requested_at = '2026-01-01' WHERE id = $1", [
          task_id,
        ]),
    };
    beforeAll(() => bench.servers.offer(1));
    afterAll(() => bench.servers.offer(0));

    it.each(Object.keys(endings))('%s', async (type) => {
      const owner_id = randomUUID();
      const { task_id } = await bench.create({
        owner_id,
        webhook_url: bench.receiver.urlOf('/hooks'),
        metadata: { mine: '7' },
      });
      const { attempt } = await eventually(() => {
        const found = bench.servers.bridge.heardOf(taskDispatched).find((it) => it.task_id === task_id);
        if (!found) throw new Error('not handed out yet');
        return found;
      });
      await bench.servers.bridge.announce(generationAccepted, { task_id, attempt });
      await eventually(async () =>
        expect(await bench.rpc.call(findTask, { owner_id, task_id })).toMatchObject({ status: 'running' }),
      );
      await endings[type]!({ task_id, attempt });
      const arrival = await bench.arrivalAt('/hooks');
      const task = await bench.rpc.call(findTask, { owner_id, task_id });
      expect(verified(arrival, await bench.secretOf(owner_id))).toEqual({
        type,
        timestamp: task.completed_at,
        data: task,
      });
      expect(task).toMatchObject({ status: type.replace('task.', ''), metadata: { mine: '7' } });
      expect(arrival.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Lathe-Webhooks' });
      const delivery = await bench.tried(owner_id, 1, 'delivered');
      expect(delivery).toMatchObject({
        id: arrival.headers['webhook-id'],
        task_id,
        type,
        url: bench.receiver.urlOf('/hooks'),
        response_status: 204,
        error: null,
        next_attempt_at: null,
      });
    });
  });

  it('are sent once, however many replicas there are', async () => {
    const owners = [randomUUID(), randomUUID()];
    const tasks = await Promise.all(
      Array.from({ length: 10 }, (_, index) => bench.ended(owners[index % 2]!, bench.receiver.urlOf(`/${index}`))),
    );
    await eventually(async () => {
      const all = (await Promise.all(owners.map((owner) => bench.deliveriesOf(owner)))).flat();
      expect(all.map(({ status }) => status)).toEqual(tasks.map(() => 'delivered'));
    });
    expect(bench.receiver.arrivals).toHaveLength(10);
    expect(new Set(bench.receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(10);
  });

  it('are there exactly when the task has ended', async () => {
    const owner_id = randomUUID();
    const { task_id } = await bench.create({ owner_id, webhook_url: bench.receiver.urlOf('/never') });
    await bench.looking.query('ALTER TABLE webhook_deliveries ADD CONSTRAINT none CHECK (false) NOT VALID');
    await expect(bench.rpc.call(cancelTask, { owner_id, task_id })).rejects.toMatchObject({ code: 'internal_error' });
    await bench.looking.query('ALTER TABLE webhook_deliveries DROP CONSTRAINT none');
    expect((await bench.rpc.call(findTask, { owner_id, task_id })).status).toBe('queued');
    expect(await bench.deliveriesOf(owner_id)).toEqual([]);
  });

  it('are not sent for a task without one, nor for one that its owner removed', async () => {
    const owner_id = randomUUID();
    const silent = await bench.create({ owner_id });
    await bench.rpc.call(cancelTask, { owner_id, task_id: silent.task_id });
    const removed = await bench.create({ owner_id, webhook_url: bench.receiver.urlOf('/removed') });
    await bench.rpc.call(removeTask, { owner_id, task_id: removed.task_id });
    expect(await bench.deliveriesOf(owner_id)).toEqual([]);
  });

  it.each([
    ['ftp://example.org/', 'must begin with https://'],
    ['https://user:pw@example.org/', 'must not have a user name or a password'],
    ['https://10.0.0.1/', 'must be at a public address'],
    ['https://[::ffff:10.0.0.1]/', 'must be at a public address'],
    ['https://169.254.169.254/latest', 'must be at a public address'],
    ['nonsense', 'must be a complete URL'],
  ])('to %s are refused with the request', async (webhook_url, refusal) => {
    const owner_id = randomUUID();
    await expect(bench.create({ owner_id, webhook_url })).rejects.toMatchObject({
      code: 'invalid_parameters',
      details: { errors: [{ pointer: '/webhook_url', message: `webhook_url ${refusal}` }] },
    });
  });

  it('go with their task, and with their account', async () => {
    const [owner_id, other] = [randomUUID(), randomUUID()];
    const first = await bench.ended(owner_id, bench.receiver.urlOf('/a'));
    await bench.ended(owner_id, bench.receiver.urlOf('/b'));
    await bench.ended(other, bench.receiver.urlOf('/c'));
    await bench.rpc.call(removeTask, { owner_id, task_id: first.task_id });
    expect((await bench.deliveriesOf(owner_id)).map(({ url }) => new URL(url).pathname)).toEqual(['/b']);
    await bench.rpc.call(rotateWebhookSecret, { account_id: owner_id });
    const auth = await new StandIn(bench.servers.broker.url, 'auth').start();
    await auth.announce(accountErased, { account_id: owner_id });
    await eventually(async () => expect(await mentionsOf(bench.looking, owner_id)).toEqual({}));
    await expect(bench.rpc.call(rotateWebhookSecret, { account_id: owner_id })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await bench.deliveriesOf(other)).toHaveLength(1);
    await auth.stop();
  });

  it('are forgotten after thirty days', async () => {
    const owner = randomUUID();
    for (const path of ['/old', '/new']) await bench.ended(owner, bench.receiver.urlOf(path));
    await eventually(async () =>
      expect((await bench.deliveriesOf(owner)).map(({ status }) => status)).toEqual(['delivered', 'delivered']),
    );
    await bench.looking.query(
      "UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE owner_id = $1 AND url LIKE '%/old'",
      [owner],
    );
    await bench.servers.startReplica(); // it sweeps when it starts
    await eventually(async () => expect((await bench.only(owner)).url).toBe(bench.receiver.urlOf('/new')));
  });

  it('are claimed by one replica each, all at the same moment', async () => {
    const owner = randomUUID();
    await bench.ended(owner, bench.receiver.urlOf('/claims'));
    await bench.tried(owner, 1, 'delivered');
    await bench.servers.stopReplicas();
    await bench.looking.query(
      `INSERT INTO webhook_deliveries SELECT (jsonb_populate_record(one, jsonb_build_object(
         'id', gen_random_uuid(), 'status', 'pending', 'next_attempt_at', now()))).*
       FROM webhook_deliveries AS one, generate_series(1, 6) WHERE owner_id = $1`,
      [owner],
    );
    const settings = { DATABASE_URL: bench.servers.database.urlOf('task'), DATABASE_POOL_SIZE: 6 };
    const database = await new DataSource(taskDatabase(settings as TaskConfig)).initialize();
    const deliveries = new DeliveriesRepository(database);
    const claims = Array.from({ length: 6 }, () => deliveries.claim({ hosts: [], owners: [] }));
    const claimed = await Promise.all(claims);
    await database.destroy();
    expect(new Set(claimed.map((it) => it?.id)).size).toBe(6);
    expect(claimed.map((it) => it?.attempts)).toEqual([2, 2, 2, 2, 2, 2]);
  });
});
