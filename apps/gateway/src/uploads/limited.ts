import { Problem } from '#contracts';

/** The same bytes, up to a limit: then the file is refused while it is still on its way. */
export async function* limited(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void> {
  let taken = 0;
  for await (const chunk of bytes) {
    taken += chunk.length;
    if (taken > limit) throw fileTooLarge(limit);
    yield chunk;
  }
}

const fileTooLarge = (limit: number): Problem =>
  new Problem('file_too_large', `A file may have at most ${limit} bytes`, { members: { max_bytes: limit } });
