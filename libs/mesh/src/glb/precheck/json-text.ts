import { MeshError } from '../../error.js';
import { maxJsonContainers, maxJsonDepth, maxJsonMembers } from './limits.js';

/**
 * Parses the JSON chunk of a GLB. Nesting and the number of values are counted in the bytes first, so that the parser
 * never meets what would exhaust its stack or memory. Of repeated keys the last one counts; `__proto__` is a key like
 * any other.
 */
export function parsedJson(bytes: Uint8Array): Record<string, unknown> {
  checkExtent(bytes);
  const json = parsed(decoded(bytes));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MeshError('invalid_glb', 'The JSON chunk is no object');
  }
  return json as Record<string, unknown>;
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

function checkExtent(bytes: Uint8Array): void {
  let [depth, deepest, containers, members] = [0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === quote) {
      at = endOfString(bytes, at);
    } else if (byte === openObject || byte === openList) {
      containers++;
      if (++depth > deepest) deepest = depth;
    } else if (byte === closeObject || byte === closeList) {
      depth--;
    } else if (byte === colon) {
      members++;
    }
  }
  refuseAbove(deepest, maxJsonDepth, 'levels of nesting');
  refuseAbove(containers, maxJsonContainers, 'arrays and objects');
  refuseAbove(members, maxJsonMembers, 'members of objects');
}

/** Where the string that starts at a quote ends: at its closing quote or behind the text. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function refuseAbove(count: number, limit: number, what: string): void {
  if (count > limit) throw new MeshError('too_large', `The JSON has ${count} ${what}; ${limit} are allowed`);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new MeshError('invalid_glb', 'The JSON chunk is not UTF-8', { cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MeshError('invalid_glb', 'The JSON chunk is not JSON', { cause });
  }
}
