import { eventsOf, type ReadEvent } from './event-stream.js';

async function read(...chunks: (string | Error)[]): Promise<ReadEvent[]> {
  const rest = [...chunks];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = rest.shift();
      if (next === undefined) controller.close();
      else if (typeof next === 'string') controller.enqueue(Buffer.from(next));
      else controller.error(next);
    },
  });
  const events: ReadEvent[] = [];
  for await (const event of eventsOf(new Response(body))) events.push(event);
  return events;
}

describe('an event stream', () => {
  it('is read event by event, however it was cut, without its comments', async () => {
    const events = await read(
      ': hello\n\nevent: task\nid: 4\nda',
      'ta: {"progress":1}\n',
      '\n: still here\n\n',
      'id: 5\ndata: {}\n\n',
    );
    expect(events).toEqual([
      { seq: 4, task: { progress: 1 } },
      { seq: 5, task: {} },
    ]);
  });

  it('ends where the connection broke, without what was not whole', async () => {
    expect(await read('id: 1\ndata: {}\n\nid: 2\nda', new Error('reset'))).toEqual([{ seq: 1, task: {} }]);
  });
});
