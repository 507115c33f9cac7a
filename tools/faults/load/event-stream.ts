import type { TaskView } from '#contracts';

/** One event of a task as its client reads it. */
export interface ReadEvent {
  seq: number;
  task: TaskView;
}

/** The events of a `text/event-stream` answer, one by one, until it ends; comments are passed over. A broken connection ends it too. */
export async function* eventsOf(response: Response): AsyncGenerator<ReadEvent> {
  let text = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as AsyncIterable<string>) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event) yield event;
      }
    }
  } catch {
    // the connection broke: its reader asks again from where it was
  }
}

function eventOf(block: string): ReadEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(':')[0]!, line.slice(line.indexOf(':') + 1).trim()]),
  );
  const [id, data] = [fields.get('id'), fields.get('data')];
  return id && data ? { seq: Number(id), task: JSON.parse(data) as TaskView } : undefined;
}
