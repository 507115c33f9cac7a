/** What a parser reads from: a request. */
export interface ParsedSource {
  /** Bytes that have come and were not taken yet. */
  readableLength: number;
  /** Whether everything has come. */
  complete: boolean;
  socket: { bytesRead: number };
}

/** A parser that has bytes, or all of them, and makes nothing of them. */
export class ParserStuck extends Error {}

const everyMs = 250;

/**
 * Waits for the parser of a source. One that has had something to do and did nothing, twice in a row, never will: @fastify/busboy 3.2
 * waits forever after a part that it ignores (one without a usable Content-Disposition) which fills its buffer and ends in one write.
 */
export async function unlessStuck<T>(source: ParsedSource, waiting: Promise<T>): Promise<T> {
  let watch: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    let [before, unchanged] = ['', 0];
    watch = setInterval(() => {
      const now = stateOf(source);
      unchanged = now === before && now !== '' ? unchanged + 1 : 0;
      before = now;
      if (unchanged === 2) reject(new ParserStuck('it cannot be read'));
    }, everyMs);
  });
  waiting.catch(() => {}); // may fail when nobody waits for it any more
  try {
    return await Promise.race([waiting, stuck]);
  } finally {
    clearInterval(watch);
  }
}

/** Empty while the parser can only wait for more. */
const stateOf = ({ readableLength, complete, socket }: ParsedSource): string =>
  complete || readableLength > 0 ? `${readableLength} ${socket.bytesRead}` : '';
