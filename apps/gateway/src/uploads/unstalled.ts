import { Problem } from '#contracts';

/** The same bytes, as long as some come within each `ms`: a sender that stands still is given up. */
export async function* unstalled(bytes: AsyncIterable<Uint8Array>, ms: number): AsyncGenerator<Uint8Array, void> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(ms, source.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    source.return?.().catch(() => {}); // not awaited: it comes after the bytes that do not come
  }
}

async function within<T>(ms: number, waiting: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const stalled = (): void => reject(new Problem('malformed_request', `Nothing came for ${ms / 1000} seconds`));
    timer = setTimeout(stalled, ms);
  });
  waiting.catch(() => {}); // may fail when nobody waits for it any more
  try {
    return await Promise.race([waiting, late]);
  } finally {
    clearTimeout(timer);
  }
}
