import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Problem } from '#contracts';

/** What is known of a file when its last byte has gone by. */
export interface ReceivedFile {
  sizeBytes: number;
  sha256: string;
  /** Its first bytes, as many as were asked for. */
  head: Buffer;
}

/** Bounds of one transfer. */
export interface ReceiveLimits {
  maxBytes: number;
  /** For the whole file. */
  timeoutMs: number;
  /** Without a single byte. */
  stallMs: number;
  headBytes: number;
}

/**
 * Passes a file of at most `maxBytes` on to `write`, piece by piece, counting and hashing: never more than a piece is in memory. A
 * refusal leaves the stream open with the rest unread, so that its sender can still be answered; what a sender breaks off is a
 * `malformed_request`. When this settles, no `write` is under way and none will be.
 */
export async function receiveFile(
  body: Readable,
  write: (piece: Buffer) => Promise<unknown>,
  limits: ReceiveLimits,
): Promise<ReceivedFile> {
  const clock = new Clock(limits);
  let writing: Promise<unknown> = Promise.resolve();
  const pump = async (): Promise<ReceivedFile> => {
    const received = new Received(limits);
    for await (const piece of piecesOf(body)) {
      if (clock.stopped) break;
      received.add(piece);
      writing = write(piece);
      await writing;
      clock.moved();
    }
    return received.end();
  };
  try {
    return await Promise.race([pump(), clock.isOver]);
  } finally {
    clock.stop();
    await writing.catch(() => undefined);
  }
}

class Received {
  private readonly hash = createHash('sha256');
  private head = Buffer.alloc(0);
  private sizeBytes = 0;

  constructor(private readonly limits: ReceiveLimits) {}

  add(piece: Buffer): void {
    this.sizeBytes += piece.length;
    if (this.sizeBytes > this.limits.maxBytes) throw tooLarge(this.limits.maxBytes);
    this.hash.update(piece);
    const missing = this.limits.headBytes - this.head.length;
    if (missing > 0) this.head = Buffer.concat([this.head, piece.subarray(0, missing)]);
  }

  end(): ReceivedFile {
    if (this.sizeBytes === 0) throw new Problem('file_missing', 'The file is empty');
    return { sizeBytes: this.sizeBytes, sha256: this.hash.digest('hex'), head: this.head };
  }
}

/** Runs out when the whole takes too long, or nothing moves for too long. */
class Clock {
  stopped = false;
  readonly isOver: Promise<never>;
  private timers: NodeJS.Timeout[] = [];

  constructor({ timeoutMs, stallMs }: ReceiveLimits) {
    this.isOver = new Promise((_, reject) => {
      const refuse = (what: string) => reject(new Problem('malformed_request', what));
      this.timers = [
        setTimeout(() => refuse(`The file did not arrive within ${timeoutMs / 1000} seconds`), timeoutMs),
        setTimeout(() => refuse(`Nothing of the file arrived for ${stallMs / 1000} seconds`), stallMs),
      ];
    });
  }

  moved(): void {
    this.timers[1]?.refresh();
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }
}

async function* piecesOf(body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw brokenOff();
  }
}

/** The refusal of a file over the limit. */
export const tooLarge = (maxBytes: number): Problem =>
  new Problem('file_too_large', `The file is larger than ${maxBytes} bytes`, { members: { max_bytes: maxBytes } });

/** The refusal of a file whose sender went away; nobody reads it but the log. */
export const brokenOff = (): Problem => new Problem('malformed_request', 'The upload was broken off');
