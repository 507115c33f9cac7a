/** glTF 2.0, 4.4.2: twelve bytes of header; 4.4.3: the JSON chunk comes first, with its length and type before it. */
export const glbHeadBytes = 20;

const magic = 0x46546c67; // "glTF", little endian
const jsonType = 0x4e4f534a; // "JSON"
/** As much as the pre-check of #mesh allows. */
const mostJsonBytes = 4 * 1024 ** 2;

/** Where the JSON of a GLB ends, of which this is the beginning; or what is wrong with it. */
export function jsonEndOf(head: Buffer, size: number): { end: number } | { fault: string } {
  if (head.length < glbHeadBytes || head.readUInt32LE(0) !== magic) return { fault: 'it is no GLB' };
  const version = head.readUInt32LE(4);
  if (version !== 2) return { fault: `it is glTF ${version}` };
  const length = head.readUInt32LE(8);
  if (length !== size) return { fault: `it has ${size} bytes, and says ${length}` };
  const jsonBytes = head.readUInt32LE(12);
  if (head.readUInt32LE(16) !== jsonType) return { fault: 'it does not begin with JSON' };
  if (jsonBytes > mostJsonBytes) return { fault: `its JSON has ${jsonBytes} bytes` };
  const end = glbHeadBytes + jsonBytes;
  return end <= size ? { end } : { fault: 'its JSON ends after it' };
}

/** What is wrong with the JSON of a GLB, or null. */
export function faultOfJson(json: Buffer): string | null {
  try {
    const document: unknown = JSON.parse(json.toString());
    return typeof document === 'object' && document !== null ? null : 'its JSON is no object';
  } catch {
    return 'its JSON cannot be read';
  }
}
