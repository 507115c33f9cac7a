/** ASCII text that grows to tens of megabytes without a string per number. */
export class TextBuffer {
  private bytes = new Uint8Array(1 << 16);
  private length = 0;

  text(text: string): this {
    const encoded = Buffer.from(text, 'utf8');
    this.reserve(encoded.length);
    this.bytes.set(encoded, this.length);
    this.length += encoded.length;
    return this;
  }

  /** One ASCII character. */
  character(code: number): this {
    this.reserve(1);
    this.bytes[this.length++] = code;
    return this;
  }

  /** A whole number from 0 to 2³¹. */
  integer(value: number): this {
    this.reserve(10);
    let end = this.length + digits(value);
    this.length = end;
    let rest = value;
    do {
      this.bytes[--end] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    } while (rest > 0);
    return this;
  }

  /** A number rounded to so many decimals, without trailing zeros and never `-0`. */
  decimal(value: number, decimals: number): this {
    const scaled = Math.round(Math.abs(value) * 10 ** decimals);
    if (scaled > 2 ** 52) return this.text(String(value));
    if (value < 0 && scaled > 0) this.character(45);
    const unit = 10 ** decimals;
    const whole = Math.floor(scaled / unit);
    if (whole < 2 ** 31) this.integer(whole);
    else this.text(String(whole));
    return this.fraction(scaled - whole * unit, decimals);
  }

  toBytes(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private fraction(value: number, decimals: number): this {
    if (value === 0) return this;
    let [rest, places] = [value, decimals];
    for (; rest % 10 === 0; places--) rest /= 10;
    this.reserve(places + 1);
    this.bytes[this.length] = 46;
    this.length += places + 1;
    for (let at = this.length - 1; places > 0; places--) {
      this.bytes[at--] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return this;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

function digits(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit && count < 10; limit *= 10) count++;
  return count;
}
