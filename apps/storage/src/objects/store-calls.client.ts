import { Logger } from '@nestjs/common';
import { Problem } from '#contracts';
import { Breaker, BreakerOpen } from '#runtime';
import { Slots } from '../uploads/slots.js';
import type { BoundedHttp, Limits } from './bounded-http.client.js';
import { ObjectGone } from './object-gone.js';

const question: Limits = { totalMs: 1500, silenceMs: 1500 };
const answerIsFreshMs = 2000;
const failuresInARow = 3;
const pauseMs = 1000;
/** As many files on their way into the store at once, and out of it; and as many more that wait for their turn. */
const [writers, readers, waiting] = [4, 16, 64];

/** The codes by which a store says that there is no such object, or another one than was asked for. */
const goneCodes = new Set(['NoSuchKey', 'NotFound', 'PreconditionFailed']);

/**
 * How the store is called: within limits of time and number, once more when a kept connection was closed, and not at all while it is
 * away. A store that is down or slow is a `service_unavailable`; an object that is not there (any more) an ObjectGone.
 */
export class StoreCalls {
  private readonly logger = new Logger('S3Client');
  private readonly writing = new Slots(writers, waiting, 'Too many files are being stored at once');
  private readonly reading = new Slots(readers, waiting, 'Too many files are being read at once');
  private readonly breaker: Breaker;
  private asked = { at: -Infinity, answer: Promise.resolve(false) };

  /** `ask` is a cheap question that resolves to whether the store has what it is to have. */
  constructor(
    private readonly http: BoundedHttp,
    private readonly ask: () => Promise<boolean>,
  ) {
    this.breaker = new Breaker({
      failures: failuresInARow,
      pauseMs,
      isFailure: (error) => !(error instanceof Problem) && !goneCodes.has(codeOf(error)),
      probe: async () => this.note(await this.question()),
    });
  }

  /** Every request that `work` makes ends within the limits. */
  async call<T>(key: string, limits: Limits, work: () => Promise<T>): Promise<T> {
    const guarded = () => this.http.within(limits, () => work().catch((error: unknown) => repeat(error, work)));
    try {
      return await this.breaker.run(guarded);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (goneCodes.has(codeOf(error))) throw new ObjectGone(key);
      if (!(error instanceof BreakerOpen)) this.noteFailure(error);
      throw unavailable();
    }
  }

  /** As `call`, for what brings the bytes of a file: waits for its turn. */
  read<T>(key: string, limits: Limits, work: () => Promise<T>): Promise<T> {
    return this.reading.run(() => this.call(key, limits, work));
  }

  /** Lets so many files on their way into the store at once that their buffers do not fill the memory. */
  writes<T>(work: () => Promise<T>): Promise<T> {
    return this.writing.run(work);
  }

  /** Whether the store has what it is to have and our last call did not fail; an answer holds for two seconds. */
  answers(): Promise<boolean> {
    if (this.breaker.open) return Promise.resolve(false);
    if (Date.now() - this.asked.at > answerIsFreshMs) {
      const answer = this.breaker.run(() => this.question()).catch(() => false);
      this.asked = { at: Date.now(), answer };
    }
    return this.asked.answer;
  }

  /** Refuses at once what could not be done anyway. */
  async expectToAnswer(): Promise<void> {
    if (!(await this.answers())) throw unavailable();
  }

  close(): void {
    this.breaker.stop();
    this.http.close();
  }

  private question(): Promise<boolean> {
    return this.http.within(question, this.ask);
  }

  private noteFailure(reason: unknown): void {
    this.logger.warn({ msg: 'the store failed', code: codeOf(reason), reason: String(reason) });
    this.note(false);
  }

  private note(answer: boolean): void {
    this.asked = { at: Date.now(), answer: Promise.resolve(answer) };
  }
}

/** A kept connection that the store has closed in the meantime says nothing about the store. */
function repeat<T>(error: unknown, work: () => Promise<T>): Promise<T> {
  if (!['ECONNRESET', 'EPIPE'].includes(codeOf(error))) throw error;
  return work();
}

/** What the store, or the network, calls its error; empty for every other error. */
export const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? '';

const unavailable = (): Problem =>
  new Problem('service_unavailable', 'The object store does not answer', { retryAfter: 5 });
