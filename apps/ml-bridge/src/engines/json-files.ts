import { JsonFile } from './json-file.js';

/** From this length on a string may be a file. */
const leastBytes = 65_536;
/** The most of an answer that is not files. */
const mostTextBytes = 16 * 1024 ** 2;

const quote = 0x22;
const backslash = 0x5c;
const beginning = /^"(?:data:[^,"\\]{0,200};base64,)?([A-Za-z0-9+/\\]+)$/;

/**
 * Reads JSON as it comes in, and decodes the files in it on the way: no more of them is in memory than their bytes. `\/` is the only
 * escape that base64 may have.
 */
export class JsonFiles {
  private readonly text: Buffer[] = [];
  private textBytes = 0;
  private readonly files: Buffer[][] = [];
  /** Where it is; `long` is within a string that is too long to be anything but a file, and is none. */
  private place: 'outside' | 'string' | 'long' | 'file' = 'outside';
  private string: Buffer[] = [];
  private stringBytes = 0;
  private escaped = false;
  /** What is not decoded yet of a file: less than four characters. */
  private rest = '';

  /** `mark` is something that nobody who writes the JSON can know. */
  constructor(private readonly mark: string) {}

  /** Throws a RangeError when there is too much text. */
  push(piece: Buffer): void {
    for (let from = 0; from < piece.length;) {
      if (this.place === 'file') from = this.readFile(piece, from);
      else if (this.place === 'outside') from = this.readOutside(piece, from);
      else from = this.readString(piece, from);
    }
  }

  /** The beginning of it, without files. */
  get head(): string {
    return Buffer.concat(this.text.slice(0, 8)).toString('utf8', 0, 2000).replaceAll(this.mark, 'file');
  }

  /** The value, with a JsonFile for each file; undefined when it was not JSON. */
  value(): unknown {
    if (this.place !== 'outside') return undefined;
    const named = new Map(this.files.map((pieces, index) => [`${this.mark}${index}`, pieces]));
    try {
      return JSON.parse(Buffer.concat(this.text).toString(), (_, value: unknown) => {
        const pieces = typeof value === 'string' ? named.get(value) : undefined;
        return pieces ? new JsonFile(pieces) : value;
      });
    } catch {
      return undefined;
    }
  }

  private readOutside(piece: Buffer, from: number): number {
    const found = piece.indexOf(quote, from);
    const to = found === -1 ? piece.length : found;
    this.keep(piece.subarray(from, to));
    if (found !== -1) this.place = 'string';
    return found === -1 ? to : this.addToString(piece, found, found + 1);
  }

  private readString(piece: Buffer, from: number): number {
    let to = from;
    for (; to < piece.length; to++) {
      const byte = piece[to];
      if (this.escaped) this.escaped = false;
      else if (byte === backslash) this.escaped = true;
      else if (byte === quote) return this.endString(piece, from, to + 1);
      if (this.place === 'string' && this.stringBytes + to - from >= leastBytes) {
        this.addToString(piece, from, to + 1);
        this.judge();
        return to + 1;
      }
    }
    return this.addToString(piece, from, to);
  }

  private addToString(piece: Buffer, from: number, to: number): number {
    this.string.push(piece.subarray(from, to));
    this.stringBytes += to - from;
    if (this.textBytes + this.stringBytes > mostTextBytes) throw new RangeError('too much text');
    return to;
  }

  private endString(piece: Buffer, from: number, to: number): number {
    this.addToString(piece, from, to);
    this.flushString();
    this.place = 'outside';
    return to;
  }

  private flushString(): void {
    for (const part of this.string) this.keep(part);
    this.string = [];
    this.stringBytes = 0;
  }

  /** A long string is a file when it begins like one. */
  private judge(): void {
    const [, base64] = beginning.exec(Buffer.concat(this.string).toString('latin1')) ?? [];
    if (base64 === undefined) {
      this.place = 'long';
      return;
    }
    this.string = [];
    this.stringBytes = 0;
    this.escaped = false;
    this.place = 'file';
    this.files.push([]);
    this.decode(base64);
  }

  private readFile(piece: Buffer, from: number): number {
    const found = piece.indexOf(quote, from);
    const to = found === -1 ? piece.length : found;
    this.decode(piece.toString('latin1', from, to));
    if (found === -1) return to;
    this.files.at(-1)!.push(Buffer.from(this.rest, 'base64'));
    this.rest = '';
    this.keep(Buffer.from(`"${this.mark}${this.files.length - 1}"`));
    this.place = 'outside';
    return found + 1;
  }

  private decode(base64: string): void {
    const text = this.rest + base64.replaceAll('\\', '');
    const whole = text.length - (text.length % 4);
    this.files.at(-1)!.push(Buffer.from(text.slice(0, whole), 'base64'));
    this.rest = text.slice(whole);
  }

  private keep(part: Buffer): void {
    this.textBytes += part.length;
    if (this.textBytes > mostTextBytes) throw new RangeError('too much text');
    this.text.push(part);
  }
}
