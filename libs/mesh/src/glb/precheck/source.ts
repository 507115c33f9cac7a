import { MeshError } from '../../error.js';

/**
 * Bytes that can be read at any place, such as an open file: a large GLB is checked without being held in memory.
 * `read` may give fewer bytes only at the end.
 */
export interface GlbSource {
  /** Bytes altogether. */
  readonly size: number;
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** Bytes in memory as a source; what it reads is not copied. */
export const sourceOf = (bytes: Uint8Array): GlbSource => ({
  size: bytes.byteLength,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

/** Exactly these bytes; `invalid_glb` when the source ends before. */
export async function readExactly(source: GlbSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = offset + length <= source.size ? await source.read(offset, length) : undefined;
  if (bytes?.byteLength !== length) {
    throw new MeshError('invalid_glb', `The file ends before byte ${offset + length}`);
  }
  return bytes;
}
