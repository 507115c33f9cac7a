import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Digests a body piece by piece; the result is base64 as in an x-amz-checksum-* header. */
export interface Checksum {
  update(piece: Buffer): void;
  digest(): string;
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  return remainder >>> 0;
});

/** CRC-32C (RFC 3720, appendix B.4), continued from the value of the bytes before. */
function crc32c(piece: Buffer, before: number): number {
  let remainder = ~before;
  for (const byte of piece) remainder = (castagnoli[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

function running(next: (piece: Buffer, before: number) => number): Checksum {
  let value = 0;
  return {
    update(piece) {
      value = next(piece, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

function hashing(algorithm: 'sha1' | 'sha256' | 'md5'): Checksum {
  const hash = createHash(algorithm);
  return { update: (piece) => void hash.update(piece), digest: () => hash.digest('base64') };
}

/** The integrity headers that are checked, by name. CRC-64/NVME is not offered. */
export const checksums: ReadonlyMap<string, () => Checksum> = new Map([
  ['x-amz-checksum-crc32', () => running(crc32)],
  ['x-amz-checksum-crc32c', () => running(crc32c)],
  ['x-amz-checksum-sha1', () => hashing('sha1')],
  ['x-amz-checksum-sha256', () => hashing('sha256')],
  ['content-md5', () => hashing('md5')],
]);
