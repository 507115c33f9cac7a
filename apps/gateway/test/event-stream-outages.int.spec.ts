import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { EventStream } from './event-stream.js';
import { KnownTasks } from './known-tasks.js';

describe('the events of a task, when something gives way,', () => {
  let gateway: TestGateway;
  let tasks: KnownTasks;
  beforeEach(async () => {
    gateway = await aGateway();
    tasks = new KnownTasks(gateway.task);
  });
  afterEach(() => gateway.stop());

  it('are not lost while the broker is away in the middle', async () => {
    const id = tasks.add(gateway.accountId);
    const stream = await EventStream.of(gateway, id);
    await eventually(() => expect(stream.ids).toEqual([1]));
    await gateway.broker.dropConnections();
    tasks.change(id, { status: 'succeeded' });
    await stream.ended;
    expect(stream.ids).toEqual([1, 2]);
  }, 40_000);

  it('end when the gateway leaves, and go on at another one', async () => {
    const id = tasks.add(gateway.accountId);
    const other = await gateway.replica();
    const stream = await EventStream.of(gateway, id);
    await eventually(() => expect(stream.ids).toEqual([1]));
    const begun = performance.now();
    await gateway.app.close();
    expect(performance.now() - begun).toBeLessThan(3000);
    await stream.ended;
    expect(stream.response.complete).toBe(true);
    const again = await EventStream.of(gateway, id, { 'last-event-id': '1' }, other.url);
    await tasks.advance(id, { status: 'succeeded' });
    await again.ended;
    expect(again.ids).toEqual([2]);
  });
});
