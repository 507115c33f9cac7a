import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Inspection } from '../body/inspection.js';
import type { RequestBody } from '../body/request-body.js';

/** A piece of an object: one file of the blob folder. */
export interface Segment {
  blob: string;
  size: number;
}

/** A checked body on the disk. It belongs to nobody until a record names it. */
export interface Received {
  segment: Segment;
  /** Lower-case hex. */
  md5: string;
}

/** Bytes of an object while it is read: they stay readable when the object is replaced or removed meanwhile. */
export interface Reading {
  chunks(): AsyncGenerator<Buffer>;
  /** Must be called once, however the reading ended. */
  release(): Promise<void>;
}

const mebibyte = 2 ** 20;

function inspected(inspection: Inspection): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    for await (const chunk of chunks) {
      inspection.update(chunk);
      yield chunk;
    }
  };
}

/**
 * The bytes of the objects of one bucket, in files with random names that never change. A file becomes part of an
 * object when a record names it; files no record names are garbage and go when the store opens.
 */
export class Blobs {
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly powerSafe: boolean,
  ) {}

  /** Writes a body to the disk while checking it. When it breaks a promise or off, nothing is left. */
  async receive({ chunks, expected }: RequestBody): Promise<Received> {
    const inspection = new Inspection(expected);
    const blob = randomUUID();
    const options = { flags: 'wx', mode: 0o600, highWaterMark: mebibyte, flush: this.powerSafe };
    try {
      await pipeline(chunks, inspected(inspection), createWriteStream(this.#path(blob), options));
      const { size, md5 } = inspection.finish();
      return { segment: { blob, size }, md5 };
    } catch (error) {
      await this.remove([{ blob, size: 0 }]);
      throw error;
    }
  }

  /** Holds the bytes from `from` to `to`, both included. */
  read(segments: readonly Segment[], from: number, to: number): Reading {
    const pieces: { blob: string; start: number; end: number }[] = [];
    let offset = 0;
    for (const { blob, size } of segments) {
      const [start, end] = [Math.max(from - offset, 0), Math.min(to - offset, size - 1)];
      if (start <= end) pieces.push({ blob, start, end });
      offset += size;
    }
    for (const { blob } of pieces) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    const file = (blob: string): string => this.#path(blob);
    return {
      async *chunks() {
        for (const { blob, start, end } of pieces) {
          yield* createReadStream(file(blob), { start, end, highWaterMark: mebibyte / 4 });
        }
      },
      release: async () => {
        for (const { blob } of pieces) await this.#releaseOne(blob);
      },
    };
  }

  /** Removes the files, those being read as soon as their last reader is done. */
  async remove(segments: readonly Segment[]): Promise<void> {
    for (const { blob } of segments) {
      if (this.#readers.has(blob)) this.#doomed.add(blob);
      else await this.#unlink(blob);
    }
  }

  /** The names of all files. */
  async names(): Promise<Set<string>> {
    return new Set(await readdir(this.folder));
  }

  async #releaseOne(blob: string): Promise<void> {
    const left = (this.#readers.get(blob) ?? 1) - 1;
    if (left > 0) {
      this.#readers.set(blob, left);
      return;
    }
    this.#readers.delete(blob);
    if (this.#doomed.delete(blob)) await this.#unlink(blob);
  }

  /** A file that cannot be removed now goes as garbage when the store opens: no reason to fail the caller's step. */
  async #unlink(blob: string): Promise<void> {
    await rm(this.#path(blob), { force: true }).catch(() => undefined);
  }

  #path(blob: string): string {
    return path.join(this.folder, blob);
  }
}
