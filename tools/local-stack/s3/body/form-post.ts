import { S3Error } from '../errors.js';
import { ByteReader } from './byte-reader.js';

/** A browser's upload form: the fields before the file by lower-case name, and the file to be read once. */
export interface PostedForm {
  fields: ReadonlyMap<string, string>;
  filename: string;
  file: AsyncIterable<Buffer>;
}

const maxHeaderBytes = 16 * 1_024;
/** The limit S3 sets for everything before the file, with room for metadata. */
const maxFieldsBytes = 64 * 1_024;
const malformed = (): S3Error => new S3Error('MalformedPOSTRequest');
const tooLong = (): S3Error => new S3Error('MaxPostPreDataLengthExceeded');

/**
 * Reads multipart/form-data (RFC 7578) up to the field named "file", which has to be the last one S3 looks at.
 * Nothing of the file is read until its iteration starts. Throws MalformedPOSTRequest or MaxPostPreDataLengthExceeded.
 */
export async function readForm(body: AsyncIterable<Buffer>, contentType: string): Promise<PostedForm> {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!boundary) throw malformed();
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const reader = new ByteReader(startOfLine(body), malformed);
  try {
    return await readFields(reader, delimiter);
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function readFields(reader: ByteReader, delimiter: Buffer): Promise<PostedForm> {
  const fields = new Map<string, string>();
  let total = 0;
  await reader.readThrough(delimiter, maxHeaderBytes, malformed);
  while ((await reader.read(2)).toString('latin1') === '\r\n') {
    const head = `\r\n${(await reader.readThrough(Buffer.from('\r\n\r\n'), maxHeaderBytes, tooLong)).toString('utf8')}`;
    const name = dispositionParameter(head, 'name')?.toLowerCase();
    if (!name) throw malformed();
    if (name === 'file') {
      return { fields, filename: dispositionParameter(head, 'filename') ?? '', file: fileOf(reader, delimiter) };
    }
    const value = await reader.readThrough(delimiter, maxFieldsBytes - total, tooLong);
    total += value.length;
    if (fields.has(name)) throw new S3Error('InvalidArgument', `the field ${name} was given twice`);
    fields.set(name, value.toString('utf8'));
  }
  throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request');
}

/** So that the first boundary, which may open the body, is found by the same mark as the others. */
async function* startOfLine(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from('\r\n');
  yield* body;
}

async function* fileOf(reader: ByteReader, delimiter: Buffer): AsyncGenerator<Buffer> {
  try {
    yield* reader.streamThrough(delimiter);
  } finally {
    await reader.close();
  }
}

/** A parameter of the Content-Disposition header; browsers escape a quote in it as %22 or \". */
function dispositionParameter(head: string, name: string): string | undefined {
  const [, disposition] = /\r\ncontent-disposition:\s*form-data\s*(;[^\r\n]*)/i.exec(head) ?? [];
  const [, quoted, plain] =
    new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(disposition ?? '') ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? plain;
}
