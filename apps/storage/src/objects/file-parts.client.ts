import { type FileHandle, open } from 'node:fs/promises';

/** One part of a file. Its bytes are good until the next part is asked for. */
export interface FilePart {
  /** From 1. */
  number: number;
  bytes: Buffer;
}

/**
 * A file of exactly `size` bytes in parts of `partBytes`, the last one shorter, through one buffer: memory does not grow with the file.
 * Throws when the file has another size.
 */
export async function* partsOf(path: string, size: number, partBytes: number): AsyncGenerator<FilePart> {
  const file = await open(path, 'r');
  try {
    const { size: found } = await file.stat();
    if (found !== size) throw new Error(`the file has ${found} bytes instead of ${size}`);
    const buffer = Buffer.allocUnsafeSlow(Math.min(partBytes, size));
    for (let at = 0, number = 1; at < size; at += partBytes, number++) {
      yield { number, bytes: await fill(buffer.subarray(0, Math.min(partBytes, size - at)), file, at) };
    }
  } finally {
    await file.close();
  }
}

async function fill(bytes: Buffer, file: FileHandle, at: number): Promise<Buffer> {
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, at + filled);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    filled += bytesRead;
  }
  return bytes;
}
