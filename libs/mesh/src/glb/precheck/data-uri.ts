import { MeshError } from '../../error.js';

const longestHeader = 128;
const header = /^data:[\w.+-]*\/?[\w.+-]*(?:;[\w=.+-]+)*;base64$/;
const payload = /^[A-Za-z0-9+/]*={0,2}$/;

/** The content of a `data:` URI in base64. Every other address is refused: nothing a file points to is fetched. */
export function dataUriBytes(uri: string, what: string): Uint8Array {
  const comma = uri.indexOf(',');
  const start = uri.slice(0, Math.min(comma === -1 ? longestHeader : comma, longestHeader));
  if (!start.startsWith('data:')) {
    throw new MeshError('invalid_glb', `${what} lies outside the file, at ${uri.slice(0, 80)}`);
  }
  const encoded = uri.slice(comma + 1);
  if (comma === -1 || !header.test(start) || !payload.test(encoded)) {
    throw new MeshError('invalid_glb', `${what} has a data URI that is not base64`);
  }
  return Buffer.from(encoded, 'base64');
}
