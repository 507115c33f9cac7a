import { EventEmitter, once } from 'node:events';
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
    expect(performance.now() - begun).toBeLessThan(10_000);
    await stream.ended;
    expect(stream.response.complete).toBe(true);
    const again = await EventStream.of(gateway, id, { 'last-event-id': '1' }, other.url);
    await tasks.advance(id, { status: 'succeeded' });
    await again.ended;
    expect(again.ids).toEqual([2]);
  });

  it('hold the gateway that leaves up no longer than the question that is under way', async () => {
    const id = tasks.add(gateway.accountId);
    const stream = await EventStream.of(gateway, id);
    await eventually(() => expect(stream.ids).toEqual([1]));
    const release = new EventEmitter();
    tasks.ready = once(release, 'now');
    await tasks.advance(id, { status: 'running' });
    await eventually(() => expect(tasks.reads).toHaveLength(2));
    const closed = gateway.app.close();
    await eventually(() => expect(gateway.http.get('/health/live')).rejects.toThrow('ECONNREFUSED'));
    const begun = performance.now();
    release.emit('now');
    await closed;
    expect(performance.now() - begun).toBeLessThan(10_000);
    await stream.ended;
    expect(stream.ids).toEqual([1]); // the next gateway tells the rest
  });
});
