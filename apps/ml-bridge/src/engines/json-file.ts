/** A file that was a string of an answer. */
export class JsonFile {
  constructor(readonly pieces: readonly Buffer[]) {}

  get size(): number {
    return this.pieces.reduce((bytes, piece) => bytes + piece.length, 0);
  }

  /** At most so many bytes from its beginning. */
  head(bytes: number): Buffer {
    const needed: Buffer[] = [];
    let missing = bytes;
    for (const piece of this.pieces) {
      if (missing <= 0) break;
      needed.push(piece.subarray(0, missing));
      missing -= piece.length;
    }
    return Buffer.concat(needed);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield* this.pieces;
  }
}

/** The file that a string of JSON is, in base64 or as a data URL (RFC 2397); null for any other value. */
export function fileOf(value: unknown): JsonFile | null {
  if (value instanceof JsonFile) return value;
  const base64 = typeof value === 'string' ? /^(?:data:[^,]{0,200};base64,)?([A-Za-z0-9+/]*={0,2})$/.exec(value) : null;
  return base64 ? new JsonFile([Buffer.from(base64[1]!, 'base64')]) : null;
}
