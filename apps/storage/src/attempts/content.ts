/** As many first bytes of an artifact as the rules below look at. */
export const headBytes = 128;

const localHeader = Buffer.from('PK\u0003\u0004');
const stlHeaderBytes = 84;
const stlTriangleBytes = 50;

/** A rule about the first bytes. */
export const startsWith =
  (signature: string | Buffer) =>
  (head: Buffer): boolean =>
    head.subarray(0, signature.length).equals(Buffer.from(signature));

/** A ZIP archive with something in it (APPNOTE 4.3.7); 3MF is one, too (ECMA-376 part 2). */
export const isPackage = startsWith(localHeader);

/** Binary STL has no signature: 80 bytes of anything and the number of triangles say how long it is. */
export const isBinaryStl = (head: Buffer, bytes: number): boolean =>
  head.length >= stlHeaderBytes &&
  head.readUInt32LE(80) > 0 &&
  bytes === stlHeaderBytes + stlTriangleBytes * head.readUInt32LE(80);

/** The first two lines of a PLY file, text or binary. */
export const isPly = (head: Buffer): boolean =>
  /^ply\r?\nformat (ascii|binary_little_endian|binary_big_endian) 1\.0\r?\n/.test(head.toString('latin1'));

/** A USDZ package begins with its default layer, and stores everything as it is (OpenUSD, "Usdz File Format Specification"). */
export function isUsdPackage(head: Buffer): boolean {
  if (!isPackage(head) || head.length < 30 || head.readUInt16LE(8) !== 0) return false;
  const name = head.toString('latin1', 30, 30 + head.readUInt16LE(26));
  return /\.usd[ac]?$/.test(name);
}

/** Width and height of a PNG, which its first chunk begins with (ISO/IEC 15948 §11.2.2). */
export function pngSize(head: Buffer): { width: number; height: number } | undefined {
  if (head.length < 24 || head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}
