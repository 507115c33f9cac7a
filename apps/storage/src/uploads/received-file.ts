import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Problem } from '#contracts';

/** A file that arrived whole. */
export interface ReceivedFile {
  bytes: Buffer;
  sha256: string;
}

/** Bounds of one transfer. */
export interface ReceiveLimits {
  maxBytes: number;
  timeoutMs: number;
}

/**
 * Reads a file of at most `maxBytes` from a stream, hashing as it comes. A refusal leaves the stream open with the rest unread, so
 * that its sender can still be answered; what a sender breaks off is a `malformed_request`.
 */
export async function receiveFile(body: Readable, { maxBytes, timeoutMs }: ReceiveLimits): Promise<ReceivedFile> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = () =>
      reject(new Problem('malformed_request', `The file did not arrive within ${timeoutMs / 1000} seconds`));
    timer = setTimeout(refuse, timeoutMs);
  });
  try {
    return await Promise.race([collect(body, maxBytes), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function collect(body: Readable, maxBytes: number): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(body)) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    hash.update(chunk);
    chunks.push(chunk);
  }
  if (size === 0) throw new Problem('file_missing', 'The file is empty');
  return { bytes: Buffer.concat(chunks, size), sha256: hash.digest('hex') };
}

async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
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
