/** Cuts a stream of buffers where a format says so. Holds no more than one incoming buffer and one unfinished mark. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  /** `endedEarly` makes the error for a source that ends where the format needs more. */
  constructor(
    source: AsyncIterable<Buffer>,
    private readonly endedEarly: () => Error,
  ) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The bytes before the next mark, which is consumed too. Throws what `tooLong` makes when `limit` bytes hold no mark. */
  async readThrough(mark: Buffer, limit: number, tooLong: () => Error): Promise<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(mark);
      if (at >= 0 && at <= limit) return this.#cut(at, mark.length);
      if (at >= 0 || this.#buffer.length > limit + mark.length) throw tooLong();
      await this.#more();
    }
  }

  /** Exactly so many bytes. */
  async read(size: number): Promise<Buffer> {
    while (this.#buffer.length < size) await this.#more();
    return this.#cut(size);
  }

  /** Exactly so many bytes, piece by piece as they arrive. */
  async *stream(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      if (this.#buffer.length === 0) await this.#more();
      const piece = this.#cut(Math.min(left, this.#buffer.length));
      left -= piece.length;
      yield piece;
    }
  }

  /** The bytes before the next mark, piece by piece; the mark is consumed. */
  async *streamThrough(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(mark);
      if (at >= 0) {
        if (at > 0) yield this.#buffer.subarray(0, at);
        this.#cut(at, mark.length);
        return;
      }
      const safe = this.#buffer.length - mark.length + 1;
      if (safe > 0) yield this.#cut(safe);
      await this.#more();
    }
  }

  /** Whether the source has nothing more. */
  async isAtEnd(): Promise<boolean> {
    while (this.#buffer.length === 0) {
      const next = await this.#source.next();
      if (next.done) return true;
      this.#buffer = next.value;
    }
    return false;
  }

  /** Lets go of the source without reading it to its end. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #cut(size: number, skip = 0): Buffer {
    const piece = this.#buffer.subarray(0, size);
    this.#buffer = this.#buffer.subarray(size + skip);
    return piece;
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) throw this.endedEarly();
    this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, next.value]) : next.value;
  }
}
