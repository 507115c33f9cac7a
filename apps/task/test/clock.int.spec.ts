import { setTimeout as delay } from 'node:timers/promises';
import { createTask, findTask, generationProgressed, taskDispatched } from '#contracts';
import type { RpcClient } from '#messaging';
import { eventually, type StandIn } from '#testing';
import { aRequest } from './a-task.js';
import { TaskServers } from './task-service.js';

const RealDate = Date;

/** Makes every clock of this process wrong, and none of PostgreSQL's. */
function skewClock(ms: number): void {
  globalThis.Date = class extends RealDate {
    constructor(...args: ConstructorParameters<typeof RealDate> | []) {
      if (args.length === 0) super(RealDate.now() + ms);
      else super(...args);
    }
    static override now = (): number => RealDate.now() + ms;
  } as DateConstructor;
}

describe.each([
  ['an hour slow', -3_600_000],
  ['an hour fast', 3_600_000],
])('a task service whose clock is %s', (_, skewMs) => {
  let servers: TaskServers;
  let rpc: RpcClient;
  let bridge: StandIn;

  beforeAll(async () => {
    skewClock(skewMs);
    servers = await TaskServers.start(1, [taskDispatched]);
    ({ rpc, bridge } = servers);
    await servers.offer(1);
  });

  afterAll(async () => {
    await servers.stop();
    globalThis.Date = RealDate;
  });

  it('keeps a lease that is renewed, and takes back one that is not', async () => {
    const request = aRequest();
    const attempts = () => bridge.heardOf(taskDispatched).map(({ attempt }) => attempt);
    const { created_at } = (await rpc.call(createTask, request)).task;
    expect(Math.abs(RealDate.now() - RealDate.parse(created_at))).toBeLessThan(60_000);
    await eventually(() => expect(attempts()).toEqual([1]));
    const report = { task_id: request.task_id, attempt: 1, percent: 1, stage: 'x' };
    for (let second = 0; second < 5; second++) {
      await bridge.announce(generationProgressed, report);
      await delay(1000);
    }
    expect(attempts()).toEqual([1]);
    await eventually(() => expect(attempts()).toEqual([1, 2]), 10_000);
    const { status } = await rpc.call(findTask, { task_id: request.task_id, owner_id: request.owner_id });
    expect(status).toBe('running');
  });
});
