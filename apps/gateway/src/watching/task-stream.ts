import { Problem, type TaskEvents } from '#contracts';
import { commentFrame, eventFrame, retryFrame } from './event-frames.js';
import type { Watch } from './watch.js';

/** How many events are read at once: no stream ever holds more. */
export const pageSize = 20;

/** A client whose stream broke comes back after this. */
const comeBackAfterMs = 2000;
const commentEveryMs = 15_000;
/** A service that does not answer is asked again this often, and for so long. */
const askAgainAfterMs = 1000;
const giveUpAfterMs = 60_000;
const takeWithinMs = 60_000;

/** Where a stream has its events from. */
export interface StreamSource {
  watch: Watch;
  /** What happened after an event, oldest first, a page at most. */
  read(after: number): Promise<TaskEvents>;
  /** Refuses a caller who may not read any more. */
  check(): Promise<void>;
}

/**
 * The text of one stream of server-sent events: a page as it was read, then whatever comes, until the task or the watch has ended.
 * Nothing is read before what was read has been taken. Throws the Problem for which there can be no more.
 */
export class TaskStream {
  private commentAt = performance.now() + commentEveryMs;
  private awaySince: number | undefined;

  /** `last` is the number of the last event that the client has. */
  constructor(
    private readonly source: StreamSource,
    private last = 0,
  ) {}

  async *frames(first: TaskEvents): AsyncGenerator<string, void> {
    yield retryFrame(comeBackAfterMs);
    for (let page = first; ; page = await this.next()) {
      yield* this.framesOf(page);
      if (page.complete) return;
      if (page.events.length < pageSize) await this.source.watch.news(this.patience);
      if (this.source.watch.ended) return;
      if (this.isSilent) yield this.comment();
    }
  }

  private async *framesOf({ events }: TaskEvents): AsyncGenerator<string, void> {
    for (const event of events) {
      if (this.source.watch.ended) return;
      if (this.isSilent) {
        await this.unlessAway(() => this.source.check(), undefined);
        yield this.comment();
      }
      this.last = event.seq;
      yield eventFrame(event);
    }
  }

  private next(): Promise<TaskEvents> {
    return this.unlessAway(
      async () => {
        await this.source.check();
        return this.source.read(this.last);
      },
      { events: [], complete: false },
    );
  }

  /** A service that is away for a while is no reason to end a stream: then there is nothing new. */
  private async unlessAway<T>(ask: () => Promise<T>, nothing: T): Promise<T> {
    try {
      const answer = await ask();
      this.awaySince = undefined;
      return answer;
    } catch (error) {
      const now = performance.now();
      this.awaySince ??= now;
      if (!isAway(error) || now - this.awaySince >= giveUpAfterMs) throw error;
      return nothing;
    }
  }

  private comment(): string {
    this.commentAt = performance.now() + commentEveryMs;
    return commentFrame;
  }

  private get isSilent(): boolean {
    return performance.now() >= this.commentAt;
  }

  private get patience(): number {
    const untilComment = Math.max(0, this.commentAt - performance.now());
    return this.awaySince === undefined ? untilComment : Math.min(untilComment, askAgainAfterMs);
  }
}

/** The same frames. A client that takes nothing of what is there for it is cut off after a minute. */
export async function* whileTaken(
  frames: AsyncGenerator<string, void>,
  cutOff: () => void,
): AsyncGenerator<string, void> {
  let late: NodeJS.Timeout | undefined;
  try {
    for await (const frame of frames) {
      late = setTimeout(cutOff, takeWithinMs);
      yield frame;
      clearTimeout(late);
    }
  } finally {
    clearTimeout(late);
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof Problem && (error.code === 'service_unavailable' || error.code === 'internal_error');
