import type { Server } from 'node:http';
import { generationAccepted, taskDispatched } from '#contracts';
import { eventually } from '#testing';
import { JobsRepository } from '../src/jobs/jobs.repository.js';
import { WorkerPort } from '../src/transports/http/worker-port.service.js';
import { UpkeepService } from '../src/upkeep/upkeep.service.js';
import { eventsOf } from './bridge.js';
import { acceptedOverHttp, aWorker, dispatch, httpBridgeOfSuite } from './http-suite.js';

describe('a job that is fetched over HTTP', () => {
  const bridge = httpBridgeOfSuite();
  const jobs = (): Promise<{ task_id: string; holder: string | null }[]> =>
    bridge.schema.query('SELECT task_id, holder FROM jobs ORDER BY created_at');
  const put = async (): Promise<string> => {
    const { task_id } = await dispatch(bridge);
    await eventually(async () => expect(await jobs()).toContainEqual({ task_id, holder: null }));
    return task_id;
  };
  const accept = async (worker: ReturnType<typeof aWorker>): Promise<string | undefined> => {
    const job = await worker.lease(20);
    if (job) await worker.report(eventsOf(job)({ type: 'accepted' }));
    return job?.task_id;
  };

  it('wakes a worker that waits, at once', async () => {
    const { worker } = await acceptedOverHttp(bridge);
    const look = jest.spyOn(bridge.part(JobsRepository), 'countFree').mockResolvedValue([]);
    const waiting = accept(worker);
    const { task_id } = await dispatch(bridge);
    expect(await waiting).toBe(task_id);
    look.mockRestore();
  });

  it('wakes a worker that waits at another process, within a second', async () => {
    const replica = await bridge.replica();
    const waiting = accept(aWorker(bridge, 'gpu', replica.get(WorkerPort)));
    const { task_id } = await dispatch(bridge);
    await expect(waiting).resolves.toBe(task_id);
    await replica.close();
  });

  it('is not for a worker that does not wait, nor for one of another pool', async () => {
    expect(await aWorker(bridge).lease(0)).toBeNull();
    const task_id = await put();
    expect(await aWorker(bridge, 'other').lease(0)).toBeNull();
    expect(await accept(aWorker(bridge, 'spare'))).toBe(task_id);
  });

  it('comes to one of two workers, the oldest job first', async () => {
    const tasks = [await put(), await put()];
    const workers = [aWorker(bridge), aWorker(bridge), aWorker(bridge)];
    const taken = await Promise.all(workers.map((worker) => worker.lease(0)));
    const leased = taken.flatMap((job) => (job ? [job] : []));
    expect(leased.map(({ task_id }) => task_id).toSorted()).toEqual(tasks.toSorted());
    for (const job of leased) await aWorker(bridge).report(eventsOf(job)({ type: 'accepted' }));
    const [first, second] = [await put(), await put()];
    expect([await accept(aWorker(bridge)), await accept(aWorker(bridge))]).toEqual([first, second]);
  });

  it('is given back when its worker went away while it was taken for it', async () => {
    const server = (Reflect.get(bridge.part(WorkerPort), 'server') as { server: Server }).server;
    const gone = new AbortController();
    const sockets: (() => boolean)[] = [];
    server.once('request', ({ socket }) => sockets.push(() => socket.destroyed));
    const repository = bridge.part(JobsRepository);
    const take = repository.take.bind(repository);
    const task_id = await put();
    jest.spyOn(repository, 'take').mockImplementationOnce(async (...about) => {
      const held = await take(...about);
      gone.abort();
      await eventually(() => expect(sockets.map((isGone) => isGone())).toEqual([true]));
      return held;
    });
    await expect(aWorker(bridge).lease(20, gone.signal)).rejects.toThrow('aborted');
    await eventually(async () => expect(await jobs()).toEqual([{ task_id, holder: null }]));
    expect(await accept(aWorker(bridge))).toBe(task_id);
  });

  it('goes to the next worker when the first does not accept it in time', async () => {
    const task_id = await put();
    const [late, next] = [aWorker(bridge), aWorker(bridge)];
    const job = await late.lease(20);
    expect(job?.task_id).toBe(task_id);
    expect(await next.lease(0)).toBeNull();
    await bridge.schema.query(`UPDATE jobs SET held_until = now() - interval '1 second'`);
    expect(await accept(next)).toBe(task_id);
    const eventOf = eventsOf(job!);
    expect(await late.report(eventOf({ type: 'accepted' }))).toMatchObject({ status: 409, body: { code: 'stale' } });
    const heard = () => bridge.task.heardOf(generationAccepted).filter((it) => it.task_id === task_id);
    await eventually(() => expect(heard()).toHaveLength(1));
  });

  it('is told how much of its time is left', async () => {
    await put();
    await bridge.schema.query(`UPDATE jobs SET created_at = created_at - interval '5 seconds'`);
    const worker = aWorker(bridge);
    const job = await worker.lease(20);
    expect([job!.budget_ms > 20_000, job!.budget_ms <= 55_000]).toEqual([true, true]);
    await worker.report(eventsOf(job!)({ type: 'accepted' }));
  });

  it('is there once, however often its task is handed out', async () => {
    const task = await dispatch(bridge);
    await eventually(async () => expect(await jobs()).toEqual([{ task_id: task.task_id, holder: null }]));
    await bridge.task.announce(taskDispatched, task);
    const { task_id: last } = await dispatch(bridge);
    await eventually(async () => expect(await jobs()).toContainEqual({ task_id: last, holder: null }));
    expect(await jobs()).toHaveLength(2);
    expect(await accept(aWorker(bridge))).toBe(task.task_id);
    await bridge.task.announce(taskDispatched, task);
    expect(await accept(aWorker(bridge))).toBe(last);
    const { task_id: next } = await dispatch(bridge);
    expect(await accept(aWorker(bridge))).toBe(next);
    expect(await jobs()).toEqual([]);
  });

  it('is taken by no more at once than may have one, where that is limited', async () => {
    await put();
    await put();
    await put();
    const repository = bridge.part(JobsRepository);
    const takers = Array.from({ length: 5 }, (_, index) => repository.takeWithin(2, 'http:gpu', `taker-${index}`, 60));
    const held = (await Promise.all(takers)).flatMap((it) => (it ? [it.job] : []));
    expect(held).toHaveLength(2);
    for (const { task_id } of await jobs()) await repository.remove({ task_id, attempt: 1 });
  });

  it('is not begun when it is too late, and goes', async () => {
    await put();
    await bridge.schema.query(`UPDATE jobs SET not_after = now() - interval '1 second'`);
    expect(await aWorker(bridge).lease(0)).toBeNull();
    await bridge.part(UpkeepService).sweepJobs();
    expect(await jobs()).toEqual([]);
  });
});
