import { deflateSync } from 'node:zlib';
import type { FbxRecord, FbxValue } from './record.js';

/** Version 7.4 (2014): 32-bit offsets, read by every FBX SDK of the last ten years. */
const version = 7400;
const headerBytes = 27;
const recordBytes = 13;
/** Arrays up to this size are stored; larger ones deflated, at the level that costs no time. */
const storedBytes = 128;
const deflateLevel = 1;

const footerId = Buffer.from('fabcab09d0c8d466b176fb831cf7267e', 'hex');
const footerMagic = Buffer.from('f85a8c6adef5d97eece90ce3758f290b', 'hex');

/**
 * Encodes records as a binary FBX 7.4 file. Layout after the description of the Blender Foundation ("FBX binary file
 * format specification"): every block ends in an empty record, and so does the file before its footer.
 */
export function encodeFbx(records: FbxRecord[]): Uint8Array {
  const out = new Parts();
  out.add(header());
  for (const record of records) encodeRecord(record, out);
  out.add(Buffer.alloc(recordBytes));
  out.add(footerId);
  out.add(Buffer.alloc(4));
  out.add(Buffer.alloc(16 - (out.length % 16)));
  const last = Buffer.alloc(4 + 120);
  last.writeUInt32LE(version, 0);
  out.add(last);
  out.add(footerMagic);
  return out.joined();
}

class Parts {
  length = 0;
  private readonly parts: Uint8Array[] = [];

  add(part: Uint8Array): void {
    this.parts.push(part);
    this.length += part.length;
  }

  joined(): Uint8Array {
    return Buffer.concat(this.parts, this.length);
  }
}

function header(): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write('Kaydara FBX Binary  \0', 'latin1');
  bytes[21] = 0x1a;
  bytes.writeUInt32LE(version, 23);
  return bytes;
}

/** End offset, count and size of the values, name: the end is known, and filled in, after the children. */
function encodeRecord({ name, values, children }: FbxRecord, out: Parts): void {
  const encoded = values.map(encodeValue);
  const start = Buffer.alloc(recordBytes + name.length);
  start.writeUInt32LE(values.length, 4);
  start.writeUInt32LE(
    encoded.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  start.writeUInt8(name.length, 12);
  start.write(name, recordBytes, 'latin1');
  out.add(start);
  for (const value of encoded) out.add(value);
  if (children) {
    for (const child of children) encodeRecord(child, out);
    out.add(Buffer.alloc(recordBytes));
  }
  start.writeUInt32LE(out.length, 0);
}

function encodeValue({ type, value }: FbxValue): Buffer {
  switch (type) {
    case 'C':
      return Buffer.from([type.charCodeAt(0), value ? 1 : 0]);
    case 'I':
      return scalar(type, 4, (bytes) => bytes.writeInt32LE(value, 1));
    case 'L':
      return scalar(type, 8, (bytes) => bytes.writeBigInt64LE(BigInt(value), 1));
    case 'D':
      return scalar(type, 8, (bytes) => bytes.writeDoubleLE(value, 1));
    case 'S':
      return sized(type, Buffer.from(value, 'utf8'));
    case 'R':
      return sized(type, value);
    case 'i':
    case 'd':
      return array(type, value);
    default:
      return type satisfies never;
  }
}

function scalar(type: string, size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1 + size, type, 'latin1');
  write(bytes);
  return bytes;
}

function sized(type: string, data: Uint8Array): Buffer {
  const start = Buffer.alloc(5, type, 'latin1');
  start.writeUInt32LE(data.length, 1);
  return Buffer.concat([start, data]);
}

function array(type: string, values: Int32Array | Float64Array): Buffer {
  const plain = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const packed = plain.length > storedBytes ? deflateSync(plain, { level: deflateLevel }) : null;
  const data = packed ?? plain;
  const start = Buffer.alloc(13, type, 'latin1');
  start.writeUInt32LE(values.length, 1);
  start.writeUInt32LE(packed ? 1 : 0, 5);
  start.writeUInt32LE(data.length, 9);
  return Buffer.concat([start, data]);
}
