import { randomUUID } from 'node:crypto';
import { eventually } from '#testing';
import { WatchesService } from '../src/watching/watches.service.js';
import { aGateway, type TestGateway } from './a-gateway.js';
import { EventStream } from './event-stream.js';
import { KnownTasks } from './known-tasks.js';
import { aToken } from './tokens.js';

const count = 200;
/** A stream looks by itself when it has its comment. */
const lookEveryMs = 15_000;

describe('many streams of events on one gateway', () => {
  let gateway: TestGateway;
  let tasks: KnownTasks;
  beforeAll(async () => {
    gateway = await aGateway({ RATE_LIMITS: 'off' });
    tasks = new KnownTasks(gateway.task);
  });
  afterAll(() => gateway.stop());

  const openAll = (): Promise<{ id: string; stream: EventStream }[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const accountId = randomUUID();
        const id = tasks.add(accountId);
        const authorization = `Bearer ${aToken({ key: gateway.key, accountId })}`;
        return { id, stream: await EventStream.open(`${gateway.url}/generate/${id}/events`, { authorization }) };
      }),
    );

  it('cost one question each when they begin, and one for each change', async () => {
    const begun = performance.now();
    const ownLooks = () => count * Math.floor((performance.now() - begun) / lookEveryMs);
    const all = await openAll();
    await eventually(() => expect(all.filter(({ stream }) => stream.ids.length === 1)).toHaveLength(count));
    expect(tasks.reads.length).toBeLessThanOrEqual(count + ownLooks());
    await Promise.all(all.map(({ id }) => tasks.advance(id, { status: 'running' })));
    await eventually(() => expect(all.filter(({ stream }) => stream.ids.length === 2)).toHaveLength(count));
    expect(tasks.reads.length).toBeLessThanOrEqual(count * 2 + ownLooks());
    for (const { stream } of all) stream.leave();
    await eventually(() => expect(gateway.app.get(WatchesService).size).toBe(0));
  });

  it('all end at once when the gateway leaves', async () => {
    const all = await openAll();
    await eventually(() => expect(gateway.app.get(WatchesService).size).toBe(count));
    const begun = performance.now();
    await gateway.app.close();
    await Promise.all(all.map(({ stream }) => stream.ended));
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
