import { Problem, type TaskEvents, type TaskView } from '#contracts';
import { pageSize, type StreamSource, TaskStream, whileTaken } from './task-stream.js';
import { Watch } from './watch.js';

const event = (seq: number) => ({ seq, task: { progress: seq, prompt: 'two\nlines' } as TaskView });
const page = (...seqs: number[]): TaskEvents => ({ events: seqs.map(event), complete: false });
const frame = (seq: number): string => `id: ${seq}\nevent: task\ndata: {"progress":${seq},"prompt":"two\\nlines"}\n\n`;

/** A stream that is read to its end, with a clock of the test's own. */
class Reader {
  readonly watch = new Watch('account', 'task', () => {});
  readonly frames: string[] = [];
  readonly reads: number[] = [];
  error: unknown = null;
  over = false;
  read: StreamSource['read'] = async () => page();
  check: StreamSource['check'] = async () => {};

  open(first: TaskEvents, after?: number): this {
    const source: StreamSource = {
      watch: this.watch,
      read: (last) => {
        this.reads.push(last);
        return this.read(last);
      },
      check: () => this.check(),
    };
    void this.takeAll(new TaskStream(source, after).frames(first));
    return this;
  }

  get comments(): number {
    return this.frames.filter((text) => text.startsWith(':')).length;
  }

  private async takeAll(frames: AsyncGenerator<string, void>): Promise<void> {
    try {
      for await (const text of frames) this.frames.push(text);
    } catch (error) {
      this.error = error;
    }
    this.over = true;
  }
}

const away = async (): Promise<never> => {
  throw new Problem('service_unavailable');
};
const refused = async (): Promise<never> => {
  throw new Problem('invalid_token');
};
const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

describe('a stream of events', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('begins with the time to come back after, and each event is one line of data', async () => {
    const { frames } = new Reader().open(page(7));
    await pass(0);
    expect(frames).toEqual(['retry: 2000\n\n', frame(7)]);
  });

  it('ends after the last event', async () => {
    const reader = new Reader().open({ ...page(7), complete: true });
    await pass(0);
    expect(reader).toMatchObject({ over: true, error: null, reads: [] });
  });

  it('reads on when it is woken, after what it has, and not before', async () => {
    const reader = new Reader().open(page(7));
    await pass(10);
    expect(reader.reads).toEqual([]);
    reader.read = async () => page(8, 9);
    reader.watch.wake();
    await pass(0);
    expect(reader.reads).toEqual([7]);
    expect(reader.frames.slice(2)).toEqual([frame(8), frame(9)]);
  });

  it('reads page after page while they are full', async () => {
    const seqs = Array.from({ length: pageSize * 2 + 3 }, (_, index) => index + 1);
    const reader = new Reader();
    reader.read = async (last) => page(...seqs.slice(last, last + pageSize));
    reader.open(page(...seqs.slice(0, pageSize)), 0);
    await pass(0);
    expect(reader.reads).toEqual([pageSize, pageSize * 2]);
    expect(reader.frames.slice(1)).toEqual(seqs.map(frame));
  });

  it('goes on after what the client has, although there was nothing at first', async () => {
    const reader = new Reader().open(page(), 41);
    reader.watch.wake();
    await pass(0);
    expect(reader.reads).toEqual([41]);
  });

  it('has a comment every fifteen seconds, with a look for what was missed', async () => {
    const reader = new Reader().open(page(7));
    await pass(14.9);
    expect([reader.comments, reader.reads.length]).toEqual([0, 0]);
    await pass(0.2);
    expect([reader.comments, reader.reads.length]).toEqual([1, 1]);
    await pass(45);
    expect([reader.comments, reader.reads.length]).toEqual([4, 4]);
  });

  it('has its comments among many events, too', async () => {
    const reader = new Reader().open(page());
    reader.read = async (last) => page(last + 1);
    for (let second = 0; second < 31; second++) {
      reader.watch.wake();
      await pass(1);
    }
    expect(reader.comments).toBe(2);
  });

  it('ends when the caller is refused, before anything more is read', async () => {
    const reader = new Reader().open(page(7));
    reader.check = refused;
    await pass(15.1);
    expect(reader).toMatchObject({ over: true, reads: [], error: { code: 'invalid_token' } });
  });

  it('ends within a page when the caller is refused, however slowly the client takes it', async () => {
    const source = { watch: new Watch('account', 'task', () => {}), read: async () => page(), check: refused };
    const frames = new TaskStream(source).frames(page(1, 2, 3));
    for (const text of ['retry: 2000\n\n', frame(1)]) expect((await frames.next()).value).toBe(text);
    await pass(15.1);
    await expect(frames.next()).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('outlives a service that is away, with comments, and then tells what came meanwhile', async () => {
    const reader = new Reader().open(page(7));
    reader.read = away;
    reader.watch.wake();
    await pass(50);
    expect(reader).toMatchObject({ over: false, comments: 3 });
    expect(reader.reads.length).toBeGreaterThan(40);
    reader.read = async () => page(8);
    await pass(1.1);
    expect(reader.frames.at(-1)).toBe(frame(8));
    reader.read = away;
    await pass(50);
    expect(reader.over).toBe(false);
  });

  it('ends when the service is away for a minute', async () => {
    const reader = new Reader().open(page(7));
    reader.read = away;
    reader.watch.wake();
    await pass(59);
    expect(reader.over).toBe(false);
    await pass(3);
    expect(reader).toMatchObject({ over: true, error: { code: 'service_unavailable' } });
  });

  it('ends at once when there is no such task any more', async () => {
    const reader = new Reader().open(page(7));
    reader.read = async () => {
      throw new Problem('not_found');
    };
    reader.watch.wake();
    await pass(0);
    expect(reader).toMatchObject({ over: true, error: { code: 'not_found' } });
  });

  it('ends at once with its watch, even within a page', async () => {
    const waiting = new Reader().open(page(7));
    await pass(0);
    waiting.watch.end();
    await pass(0);
    expect(waiting).toMatchObject({ over: true, error: null });
    const leaving = new Reader();
    leaving.watch.end();
    leaving.open(page(7));
    await pass(0);
    expect(leaving).toMatchObject({ over: true, frames: ['retry: 2000\n\n'] });
  });
});

describe('frames that a client takes', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  async function* twoFrames(): AsyncGenerator<string, void> {
    yield 'one';
    await new Promise((resolve) => setTimeout(resolve, 100_000));
    yield 'two';
  }

  it('cut it off when it takes nothing for a minute, and not when there is nothing to take', async () => {
    const cutOff = jest.fn();
    const frames = whileTaken(twoFrames(), cutOff);
    await frames.next();
    await pass(59);
    const next = frames.next();
    await pass(101);
    expect(await next).toEqual({ value: 'two', done: false });
    expect(cutOff).not.toHaveBeenCalled();
    await pass(61);
    expect(cutOff).toHaveBeenCalledTimes(1);
  });

  it('leave no timer behind when the client has gone', async () => {
    const frames = whileTaken(twoFrames(), jest.fn());
    await frames.next();
    await frames.return();
    expect(jest.getTimerCount()).toBe(0);
  });
});
