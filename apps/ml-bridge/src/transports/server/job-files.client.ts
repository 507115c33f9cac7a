import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Dispatcher, request } from 'undici';
import { type AttemptErrorCode, EngineFailure } from '../../generations/attempt-failure.js';
import type { JobInput, JobOutput } from '#worker-contract';

const tries = 3;
const pauseMs = 500;
/** How long the store may take to begin its answer, and pause within it. */
const patienceMs = 20_000;

/** Reads and writes the files of a job in the object store, by the addresses that the job has for them. */
@Injectable()
export class JobFilesClient {
  /** Throws an EngineFailure `input_unavailable` when the input is not to be had, or is not what the job says. */
  read({ name, url, bytes, sha256 }: JobInput, signal: AbortSignal): Promise<Uint8Array> {
    return this.persistently(`read ${name}`, 'input_unavailable', signal, async () => {
      const answer = await this.send(url, { method: 'GET' }, signal);
      const content = await contentOf(answer, bytes);
      if (content.length !== bytes || createHash('sha256').update(content).digest('hex') !== sha256) {
        throw new EngineFailure('input_unavailable', `${name} is not the file that was announced`);
      }
      return content;
    });
  }

  /** Writes a file of so many bytes; `heard` is called with every piece. Throws an EngineFailure `internal` when the store does not take it. */
  write(
    { name, url, headers }: JobOutput,
    file: string,
    bytes: number,
    { signal, heard }: { signal: AbortSignal; heard: () => void },
  ): Promise<void> {
    return this.persistently(`write ${name}`, 'internal', signal, async () => {
      const length = { 'content-length': String(bytes) };
      const body = Readable.from(piecesOf(file, heard));
      const answer = await this.send(url, { method: 'PUT', headers: { ...headers, ...length }, body }, signal);
      await answer.body.dump();
    });
  }

  private async send(
    url: string,
    options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const answer = await request(url, {
      ...options,
      signal,
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
    });
    if (answer.statusCode < 300) return answer;
    await answer.body.dump();
    throw new StoreRefusal(answer.statusCode);
  }

  /** What the store may get over is tried again, with another connection. */
  private async persistently<T>(
    what: string,
    code: AttemptErrorCode,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    for (let count = 1; ; count++) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof EngineFailure) throw error;
        const isFinal = error instanceof StoreRefusal && error.status < 500;
        if (count === tries || isFinal) throw new EngineFailure(code, `could not ${what}: ${String(error)}`);
        await delay(pauseMs * count, undefined, { signal });
      }
    }
  }
}

/** The store answered that it does not. */
class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';

  constructor(readonly status: number) {
    super(`the store answered ${status}`);
  }
}

async function* piecesOf(file: string, heard: () => void): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(file)) {
    heard();
    yield piece as Uint8Array;
  }
}

/** No more of it than one byte too many. */
async function contentOf({ body }: Dispatcher.ResponseData, bytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    length += piece.length;
    if (length > bytes) break;
  }
  return Buffer.concat(pieces);
}
