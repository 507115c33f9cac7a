import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { WorkInProgress } from '#messaging';
import { ContractViolation } from '#worker-contract';
import { resultsQueue } from '../messages/celery-task.js';
import { connectionTo, type RedisConnection, startConnecting, waitSeconds } from './redis-connection.client.js';
import { opened } from './redis-envelope.js';
import { deadList, move } from './redis-lists.client.js';

/** Where a result is until it has been taken in: a bridge that dies leaves it there. */
export const processingList = `${resultsQueue}.processing`;

const atOnce = 32;
const afterFailureMs = 500;
const lookForLeftEveryMs = 20_000;
const triesAtMost = 8;

/** Reads the list of results so that none is lost: each is in one list or another until it has been handled. */
export class RedisResults {
  private readonly logger = new Logger('ml-bridge celery results');
  private readonly reader: RedisConnection;
  private readonly work = new WorkInProgress();
  private readonly mine = new Set<string>();
  /** What lay there at the last look, and was nobody's in this process. */
  private left = new Set<string>();
  private lookedAt: number | null = null;
  private readonly stopping = new AbortController();
  private reading: Promise<void> | null = null;

  /** `client`: for everything that does not wait. */
  constructor(
    url: string,
    private readonly client: RedisConnection,
    private readonly handle: (body: string) => Promise<void>,
  ) {
    this.reader = connectionTo(url, 'ml-bridge celery results');
    this.reader.on('ready', () => (this.lookedAt = null)); // what came while the connection broke has been moved, and was not seen
  }

  open(): void {
    startConnecting(this.reader);
    this.reading ??= this.read();
  }

  /** Finishes with what it has read. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.reader.destroy();
    await this.reading;
    await this.work.finished(20_000);
  }

  private async read(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.returnWhatWasLeft();
        await this.readOne();
      } catch {
        await this.pause(afterFailureMs); // the connection says why
      }
    }
  }

  private async readOne(): Promise<void> {
    if (this.mine.size >= atOnce) return this.pause(20);
    const item = await this.reader.blMove(resultsQueue, processingList, 'RIGHT', 'LEFT', waitSeconds);
    if (item !== null) this.work.track(this.take(item));
  }

  private async take(item: string): Promise<void> {
    this.mine.add(item);
    try {
      const isUsable = await this.handled(item);
      await move(this.client, processingList, isUsable ? null : deadList, item);
    } catch (error) {
      this.logger.warn({ err: error }); // it stays where it is, and is found there
    } finally {
      this.mine.delete(item);
    }
  }

  /** Whether it was taken in; false when it cannot be. Rejects when the bridge closes before that is known. */
  private async handled(item: string): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.handle(bodyOf(item));
        return true;
      } catch (error) {
        const isHopeless = error instanceof ContractViolation || tries >= triesAtMost;
        this.logger.warn({ err: error, parked: isHopeless });
        if (isHopeless) return false;
        await wait(Math.min(15_000, 200 * 2 ** tries), undefined, { signal: this.stopping.signal });
      }
    }
  }

  /** What a bridge that died had read is put back: with every new connection, and when it lay there at two looks. */
  private async returnWhatWasLeft(): Promise<void> {
    const now = performance.now();
    const isFirst = this.lookedAt === null;
    if (this.lookedAt !== null && now - this.lookedAt < lookForLeftEveryMs) return;
    const others = (await this.client.lRange(processingList, 0, -1)).filter((item) => !this.mine.has(item));
    this.lookedAt = now;
    for (const item of others.filter((it) => isFirst || this.left.has(it))) {
      await move(this.client, processingList, resultsQueue, item);
    }
    this.left = new Set(others);
  }

  private async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function bodyOf(item: string): string {
  const envelope = opened(item);
  if (!envelope) throw new ContractViolation('not a message of kombu');
  return envelope.body;
}
