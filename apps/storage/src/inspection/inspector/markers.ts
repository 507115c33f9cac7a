import { type FileHandle, open } from 'node:fs/promises';
import type { PictureType } from '../sniff.js';
import { Refusal } from './refusal.js';

/** What the chunks before the pixels say about them, which a decoder does not tell. */
export interface Markers {
  /** Decoders that do not know the animation chunks of PNG show one frame and say nothing. */
  animated: boolean;
  lossless: boolean;
}

/** How the chunks of a format follow each other: where the first is, and its type and whole length by its first eight bytes. */
interface Layout {
  start: number;
  chunk: (header: Buffer) => { type: string; bytes: number };
}

const png: Layout = {
  start: 8,
  chunk: (header) => ({ type: header.toString('latin1', 4, 8), bytes: header.readUInt32BE(0) + 12 }),
};
const riff: Layout = {
  start: 12,
  chunk: (header) => ({ type: header.toString('latin1', 0, 4), bytes: 8 + evenly(header.readUInt32LE(4)) }),
};
const evenly = (bytes: number): number => bytes + (bytes % 2);

const headerBytes = 8;
/** No encoder writes nearly as many; each costs a read. */
const mostChunks = 1000;

/** Looks at the chunks of a picture up to its pixels: PNG (third edition §5.3) and WebP (RFC 9649 §2.5); a JPEG has nothing to tell. */
export async function markersOf(path: string, mediaType: PictureType): Promise<Markers> {
  const markers = { animated: false, lossless: mediaType === 'image/png' };
  if (mediaType === 'image/jpeg') return markers;
  const file = await open(path, 'r');
  try {
    for await (const type of chunkTypes(file, mediaType === 'image/png' ? png : riff)) {
      if (['acTL', 'ANIM', 'ANMF'].includes(type)) return { ...markers, animated: true };
      if (type === 'VP8L') return { ...markers, lossless: true };
      if (type === 'IDAT' || type === 'VP8 ') return markers;
    }
    return markers;
  } finally {
    await file.close();
  }
}

async function* chunkTypes(file: FileHandle, { start, chunk }: Layout): AsyncGenerator<string> {
  const header = Buffer.alloc(headerBytes);
  let at = start;
  for (let count = 0; count < mostChunks; count++) {
    const { bytesRead } = await file.read(header, 0, headerBytes, at);
    if (bytesRead < headerBytes) return;
    const { type, bytes } = chunk(header);
    yield type;
    at += bytes;
  }
  throw new Refusal(`The picture has more than ${mostChunks} chunks before its pixels`);
}
