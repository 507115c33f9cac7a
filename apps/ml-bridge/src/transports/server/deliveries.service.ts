import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { EngineFailure } from '../../generations/attempt-failure.js';
import type { ArtifactReport, JobInput, JobOutput } from '#worker-contract';
import { faultOfJson, glbHeadBytes, jsonEndOf } from './glb-container.js';
import { JobFilesClient } from './job-files.client.js';

/** Brings a job's inputs to its server, and takes the model over that it has made. */
@Injectable()
export class DeliveriesService {
  constructor(private readonly files: JobFilesClient) {}

  /** The bytes of an input of a job. Throws an EngineFailure `input_unavailable`. */
  read(input: JobInput, signal: AbortSignal): Promise<Uint8Array> {
    return this.files.read(input, signal);
  }

  /**
   * Receives, looks at and writes a GLB, of which at no time more than a piece is in memory; `heard` is called with every
   * piece. Throws
   * an EngineFailure `output_rejected` when it is larger than allowed, or no GLB at first sight. The examination comes later.
   */
  async deliver(
    glb: AsyncIterable<Uint8Array>,
    output: JobOutput,
    signal: AbortSignal,
    heard: () => void,
  ): Promise<ArtifactReport> {
    const folder = await mkdtemp(path.join(tmpdir(), 'lathe-delivery-'));
    try {
      const file = path.join(folder, output.name);
      const received = await receive(glb, file, { maxBytes: output.max_bytes, signal, heard });
      await mustBeGlb(file, received.bytes);
      await this.files.write(output, file, received.bytes, { signal, heard });
      return { name: output.name, format: output.format, ...received };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Into a file, piece by piece. */
async function receive(
  glb: AsyncIterable<Uint8Array>,
  file: string,
  { maxBytes, signal, heard }: { maxBytes: number; signal: AbortSignal; heard: () => void },
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of glb) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new EngineFailure('output_rejected', `the model has more than ${maxBytes} bytes`);
      hash.update(piece);
      heard();
      yield piece;
    }
  };
  await pipeline(measured, createWriteStream(file), { signal });
  return { bytes, sha256: hash.digest('hex') };
}

async function mustBeGlb(file: string, size: number): Promise<void> {
  const handle = await open(file);
  try {
    const json = jsonEndOf(await readFrom(handle, 0, Math.min(size, glbHeadBytes)), size);
    const fault =
      'fault' in json ? json.fault : faultOfJson(await readFrom(handle, glbHeadBytes, json.end - glbHeadBytes));
    if (fault) throw new EngineFailure('output_rejected', `the model is not to be used: ${fault}`);
  } finally {
    await handle.close();
  }
}

async function readFrom(handle: Awaited<ReturnType<typeof open>>, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
