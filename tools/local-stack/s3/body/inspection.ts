import { createHash } from 'node:crypto';
import { S3Error } from '../errors.js';
import { checksums, type Checksum } from './checksums.js';

/** What a body must turn out to be before it is kept. */
export interface Expectations {
  /** Bytes, exactly. */
  size?: number;
  minSize?: number;
  maxSize?: number;
  /** Lower-case hex. */
  sha256?: string;
  /** Names of integrity headers with a way to their base64 values: a trailing one is known only after the body. */
  checksums?: readonly { name: string; value: () => string | undefined }[];
}

/** Follows the bytes of one body and compares them with what the client promised. */
export class Inspection {
  readonly #md5 = createHash('md5');
  readonly #sha256 = createHash('sha256');
  readonly #checksums: { name: string; value: () => string | undefined; actual: Checksum }[];
  #size = 0;

  constructor(private readonly expected: Expectations) {
    this.#checksums = (expected.checksums ?? []).map((checksum) => {
      const start = checksums.get(checksum.name);
      if (!start) throw new S3Error('NotImplemented', checksum.name);
      return { ...checksum, actual: start() };
    });
  }

  /** Throws EntityTooLarge or IncompleteBody as soon as the body is longer than it may be. */
  update(piece: Buffer): void {
    this.#size += piece.length;
    const { size = Infinity, maxSize = Infinity, sha256 } = this.expected;
    if (this.#size > maxSize) throw new S3Error('EntityTooLarge');
    if (this.#size > size) throw new S3Error('IncompleteBody');
    this.#md5.update(piece);
    if (sha256) this.#sha256.update(piece);
    for (const { actual } of this.#checksums) actual.update(piece);
  }

  /** The size and the MD5 (hex) of a body that kept every promise; otherwise throws the refusal. */
  finish(): { size: number; md5: string } {
    const { size = this.#size, minSize = 0, sha256 } = this.expected;
    if (this.#size !== size) throw new S3Error('IncompleteBody');
    if (this.#size < minSize) throw new S3Error('EntityTooSmall');
    if (sha256 && this.#sha256.digest('hex') !== sha256) throw new S3Error('XAmzContentSHA256Mismatch');
    for (const { name, value, actual } of this.#checksums) {
      if (actual.digest() !== value()) throw new S3Error('BadDigest', name);
    }
    return { size: this.#size, md5: this.#md5.digest('hex') };
  }
}
