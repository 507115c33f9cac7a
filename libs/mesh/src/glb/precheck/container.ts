import { MeshError } from '../../error.js';
import { maxJsonBytes } from './limits.js';
import { type GlbSource, readExactly } from './source.js';

/** Where the two chunks of a GLB lie in the file. */
export interface Container {
  json: Chunk;
  binary: Chunk | null;
}

export interface Chunk {
  /** First byte of the content */
  offset: number;
  length: number;
}

const headerBytes = 12;
const chunkHeaderBytes = 8;
const magic = 0x46546c67;
const jsonType = 0x4e4f534a;
const binaryType = 0x004e4942;

/**
 * The chunks of a GLB (glTF 2.0 §4.4): JSON first, then at most one BIN, both a multiple of four bytes, and nothing
 * behind them. Reads 28 bytes.
 */
export async function containerOf(source: GlbSource): Promise<Container> {
  await checkHeader(source);
  const json = await chunkAt(source, headerBytes, jsonType, 'JSON');
  if (json.length > maxJsonBytes) {
    throw new MeshError('too_large', `The JSON chunk has ${json.length} bytes; ${maxJsonBytes} are allowed`);
  }
  const next = json.offset + json.length;
  const binary = next === source.size ? null : await chunkAt(source, next, binaryType, 'BIN');
  const end = binary ? binary.offset + binary.length : next;
  if (end !== source.size) {
    throw new MeshError('invalid_glb', `${source.size - end} bytes lie behind the last chunk`);
  }
  return { json, binary };
}

async function checkHeader(source: GlbSource): Promise<void> {
  const header = viewOf(await readExactly(source, 0, headerBytes));
  if (header.getUint32(0, true) !== magic) throw new MeshError('invalid_glb', 'The file does not start as a GLB');
  const version = header.getUint32(4, true);
  if (version !== 2) throw new MeshError('unsupported_glb', `The GLB has version ${version}; 2 is understood`);
  const length = header.getUint32(8, true);
  if (length !== source.size) {
    throw new MeshError('invalid_glb', `The header speaks of ${length} bytes; the file has ${source.size}`);
  }
}

async function chunkAt(source: GlbSource, at: number, type: number, name: string): Promise<Chunk> {
  const header = viewOf(await readExactly(source, at, chunkHeaderBytes));
  const chunk = { offset: at + chunkHeaderBytes, length: header.getUint32(0, true) };
  if (header.getUint32(4, true) !== type) throw new MeshError('invalid_glb', `The chunk at byte ${at} is not ${name}`);
  if (chunk.length % 4 !== 0) {
    throw new MeshError('invalid_glb', `The ${name} chunk has ${chunk.length} bytes, no multiple of 4`);
  }
  if (chunk.offset + chunk.length > source.size) {
    throw new MeshError('invalid_glb', `The ${name} chunk ends behind the file`);
  }
  return chunk;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
