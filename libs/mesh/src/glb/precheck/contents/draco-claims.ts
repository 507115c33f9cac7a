/** What a Draco bitstream says it unpacks to. */
export interface DracoClaims {
  faces: number;
  /** Vertices before seams split them: no more than the decoded mesh has. */
  vertices: number;
}

/** The bytes `dracoClaimsOf` looks at. */
export const dracoHeaderBytes = 32;

const triangularMesh = 1;
const methods = { sequential: 0, edgebreaker: 1 };
const hasMetadata = 0x8000;

/**
 * Reads the claims of a Draco 2.2 triangle mesh without metadata (Draco bitstream specification §4.1, §5.1, §6.1): what
 * glTF exporters write. `null` for everything else.
 */
export function dracoClaimsOf(bytes: Uint8Array): DracoClaims | null {
  const [magic, version, rest] = [bytes.subarray(0, 5), bytes.subarray(5, 7), bytes.subarray(7)];
  if (String.fromCharCode(...magic) !== 'DRACO' || version[0] !== 2 || version[1] !== 2) return null;
  const [type, method, low, high] = rest;
  if (type !== triangularMesh || ((high! << 8) | low!) & hasMetadata) return null;
  // the edgebreaker names its traversal first
  const numbers = variableNumbers(bytes.subarray(method === methods.edgebreaker ? 12 : 11));
  if (!numbers) return null;
  const [first, second] = numbers;
  if (method === methods.edgebreaker) return { vertices: first, faces: second };
  return method === methods.sequential ? { faces: first, vertices: second } : null;
}

/** Two LEB128 numbers in a row. */
function variableNumbers(bytes: Uint8Array): [number, number] | null {
  const numbers: number[] = [];
  let [value, factor] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte & 0x80) continue;
    numbers.push(value);
    if (numbers.length === 2) return numbers as [number, number];
    [value, factor] = [0, 1];
  }
  return null;
}
