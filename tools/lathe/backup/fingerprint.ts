import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Passes bytes on as they are, and knows afterwards how many there were and their SHA-256. */
export class Fingerprint extends Transform {
  bytes = 0;
  private readonly hash = createHash('sha256');

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }

  /** Once, when everything has passed. */
  sha256(): string {
    return this.hash.digest('hex');
  }
}

/** Throws when a file of a backup has not these bytes any more. */
export async function requireUnchanged(file: string, { sha256 }: { sha256: string }): Promise<void> {
  const fingerprint = new Fingerprint();
  await pipeline(createReadStream(file), fingerprint.resume());
  if (fingerprint.sha256() !== sha256)
    throw new Error(`${file} is not what the backup wrote: it was changed or damaged.`);
}
