import { randomUUID } from 'node:crypto';
import { EngineFailure } from '../generations/attempt-failure.js';
import { parsedJson } from '../json.js';
import { JsonFiles } from './json-files.js';

export interface Content {
  /** Undefined when it is not JSON. */
  body: unknown;
  /** Its beginning, at least. */
  head: string;
}

export interface ContentLimits {
  /** 1 MiB unless told. */
  maxBytes?: number;
  /** What the answer says of itself. */
  announcedBytes: number;
  /** Whether long strings that are base64 are taken as files. */
  files?: boolean;
}

type Pieces = AsyncIterable<Uint8Array>;

/** The JSON that comes in. `name` is what the call is named in an `output_rejected`, which is thrown when it is too large. */
export function readContent(pieces: Pieces, name: string, limits: ContentLimits): Promise<Content> {
  const limited = withinLimits(pieces, name, limits);
  return limits.files ? withFiles(limited, name) : plain(limited);
}

async function plain(pieces: Pieces): Promise<Content> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const text = Buffer.concat(all).toString();
  return { body: parsedJson(text), head: text };
}

async function withFiles(pieces: Pieces, name: string): Promise<Content> {
  const reader = new JsonFiles(randomUUID());
  try {
    for await (const piece of pieces) reader.push(Buffer.from(piece));
  } catch (cause) {
    if (cause instanceof RangeError) throw new EngineFailure('output_rejected', `${name}: too much text`, { cause });
    throw cause;
  }
  return { body: reader.value(), head: reader.head };
}

async function* withinLimits(
  pieces: Pieces,
  name: string,
  { maxBytes = 1024 ** 2, announcedBytes }: ContentLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (Math.max(bytes, announcedBytes) > maxBytes) {
      throw new EngineFailure('output_rejected', `${name}: more than ${maxBytes} bytes`);
    }
    yield piece;
  }
}
