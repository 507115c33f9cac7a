import { crc32, deflateRaw } from 'node:zlib';
import { promisify } from 'node:util';

/** A file of an archive. */
export interface ZipFile {
  /** Path with forward slashes; any script. */
  name: string;
  data: Uint8Array;
  /** Level 1–9 of zlib; stored where it is left out, as pictures should be. */
  deflate?: number;
}

/** Bit 11 of the general purpose flags: names are UTF-8 (APPNOTE 4.4.4). */
const utf8Names = 0x0800;
/** 1980-01-01 00:00, the first moment ZIP knows (APPNOTE 4.4.6): a clock would make equal models differ. */
const [dosTime, dosDate] = [0, 0x21];
const versionNeeded = 20;
const [localHeaderBytes, centralHeaderBytes, endBytes] = [30, 46, 22];
/** An extra field nobody reads, to fill up to an alignment; the number is the one OpenUSD's own packer uses. */
const paddingField = 0x1986;
const paddingFieldBytes = 4;
/** Sizes and offsets have 32 bits, and the number of files 16, as long as ZIP64 is not used. */
const [maxBytes, maxFiles] = [0xffff_ffff, 0xffff];

/**
 * Packs files into a ZIP (PKWARE APPNOTE 6.3), in the order given, without a clock: equal files give equal bytes. With
 * `alignment` the data of every file starts at a multiple of it, which USDZ asks for. Throws a RangeError from 4 GiB on.
 */
export async function zip(files: readonly ZipFile[], { alignment = 1 } = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of files) {
    const entry = await entryOf(file);
    const padding = paddingOf(offset + localHeaderBytes + entry.name.length, alignment);
    directory.push(centralHeader(entry, offset), entry.name);
    for (const part of [localHeader(entry, padding.length), entry.name, padding, entry.packed]) {
      parts.push(part);
      offset += part.length;
    }
  }
  const directoryBytes = directory.reduce((sum, { length }) => sum + length, 0);
  if (offset + directoryBytes > maxBytes || files.length > maxFiles) throw new RangeError('Too large for a ZIP');
  return Buffer.concat([...parts, ...directory, end(files.length, directoryBytes, offset)]);
}

interface Entry {
  name: Buffer;
  packed: Uint8Array;
  /** 0 stored, 8 deflated */
  method: number;
  crc: number;
  size: number;
}

const deflated = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);

async function entryOf({ name, data, deflate: level }: ZipFile): Promise<Entry> {
  const packed = level === undefined ? data : await deflated(data, { level });
  const method = level === undefined ? 0 : 8;
  return { name: Buffer.from(name, 'utf8'), packed, method, crc: crc32(data), size: data.length };
}

function paddingOf(dataStart: number, alignment: number): Buffer {
  let length = (alignment - (dataStart % alignment)) % alignment;
  if (length > 0 && length < paddingFieldBytes) length += alignment;
  const field = Buffer.alloc(length);
  if (length > 0) {
    field.writeUInt16LE(paddingField, 0);
    field.writeUInt16LE(length - paddingFieldBytes, 2);
  }
  return field;
}

/** The part both headers have in common, from "version needed" to the length of the name (APPNOTE 4.3.7, 4.3.12). */
function writeCommon(header: Buffer, at: number, { name, packed, method, crc, size }: Entry): void {
  header.writeUInt16LE(versionNeeded, at);
  header.writeUInt16LE(utf8Names, at + 2);
  header.writeUInt16LE(method, at + 4);
  header.writeUInt16LE(dosTime, at + 6);
  header.writeUInt16LE(dosDate, at + 8);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(packed.length, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

function localHeader(entry: Entry, extraBytes: number): Buffer {
  const header = Buffer.alloc(localHeaderBytes);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, entry);
  header.writeUInt16LE(extraBytes, 28);
  return header;
}

function centralHeader(entry: Entry, offset: number): Buffer {
  const header = Buffer.alloc(centralHeaderBytes);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(versionNeeded, 4);
  writeCommon(header, 6, entry);
  header.writeUInt32LE(offset, 42);
  return header;
}

function end(files: number, directoryBytes: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(endBytes);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(files, 8);
  record.writeUInt16LE(files, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
