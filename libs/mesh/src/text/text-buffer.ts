const { round } = Math;
const [zero, minus, point] = [48, 45, 46];
/** Beyond this, doubles no longer hold every whole number. */
const largest = 2 ** 53;
const powersOfTen = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

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

  /** A few ASCII characters, written without encoding them first. */
  ascii(text: string): this {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length + i] = text.charCodeAt(i);
    this.length += text.length;
    return this;
  }

  /** One ASCII character. */
  character(code: number): this {
    this.reserve(1);
    this.bytes[this.length++] = code;
    return this;
  }

  /** A whole number from 0 to 2⁵³. */
  integer(value: number): this {
    this.reserve(16);
    let end = this.length + digits(value);
    this.length = end;
    let rest = value;
    do {
      const digit = rest % 10;
      this.bytes[--end] = zero + digit;
      rest = (rest - digit) / 10;
    } while (rest > 0);
    return this;
  }

  /** A number rounded to so many decimals (12 at most), without trailing zeros and never `-0`. */
  decimal(value: number, decimals: number): this {
    const unit = powersOfTen[decimals]!;
    const scaled = round((value < 0 ? -value : value) * unit);
    if (!(scaled < largest)) return this.text(String(value));
    if (value < 0 && scaled > 0) this.character(minus);
    const fraction = scaled % unit;
    return this.integer((scaled - fraction) / unit).fraction(fraction, decimals);
  }

  toBytes(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private fraction(value: number, decimals: number): this {
    if (value === 0) return this;
    let [rest, places] = [value, decimals];
    for (; rest % 10 === 0; places--) rest /= 10;
    this.reserve(places + 1);
    this.bytes[this.length] = point;
    this.length += places + 1;
    for (let at = this.length - 1; places > 0; places--) {
      const digit = rest % 10;
      this.bytes[at--] = zero + digit;
      rest = (rest - digit) / 10;
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
  while (count < powersOfTen.length && value >= powersOfTen[count]!) count++;
  return count;
}
