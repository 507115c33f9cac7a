import { createHash } from 'node:crypto';
import { S3Error } from '../errors.js';
import { chunkSignature, sameText, trailerSignature, type Signer } from '../signing/signature.js';
import { ByteReader } from './byte-reader.js';

/** How an aws-chunked body is framed. */
export interface ChunkedForm {
  /** The chain of chunk signatures to check, starting at the signature of the request; absent when chunks are not signed. */
  chain?: { signer: Signer; seed: string };
  /** The body ends with trailing headers, signed if the chunks are. They are put into `trailers` as they are read. */
  trailing: boolean;
  trailers: Map<string, string>;
}

const crlf = Buffer.from('\r\n');
const maxLineBytes = 4_096;
const maxTrailers = 16;
const signatureName = 'x-amz-trailer-signature';
const invalid = (): S3Error => new S3Error('InvalidChunk');

/**
 * Unwraps an aws-chunked body. Pieces are handed on before the signature of their chunk is known, so they may be used
 * only after the iteration ended without an error: IncompleteBody, InvalidChunk or SignatureDoesNotMatch.
 * Source: S3 API Reference, "Transferring Payload in Multiple Chunks" and "… with trailing headers".
 */
export async function* decodeAwsChunked(source: AsyncIterable<Buffer>, form: ChunkedForm): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source, () => new S3Error('IncompleteBody', 'the chunked body ended early'));
  const chain = form.chain && new SignatureChain(form.chain.signer, form.chain.seed);
  try {
    for (let last = false; !last;) {
      const { size, signature } = parseChunkHeader(await readLine(reader));
      last = size === 0;
      const hash = createHash('sha256');
      for await (const piece of reader.stream(size)) {
        if (chain) hash.update(piece);
        yield piece;
      }
      chain?.checkChunk(hash.digest('hex'), signature);
      if (!last && !(await reader.read(crlf.length)).equals(crlf)) throw invalid();
    }
    await readTrailers(reader, form, chain);
    if (!(await reader.isAtEnd())) throw invalid();
  } finally {
    await reader.close();
  }
}

const readLine = async (reader: ByteReader): Promise<string> =>
  (await reader.readThrough(crlf, maxLineBytes, invalid)).toString('latin1');

function parseChunkHeader(line: string): { size: number; signature: string } {
  const [, size, signature = ''] = /^([0-9a-f]{1,9})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line) ?? [];
  if (size === undefined) throw invalid();
  return { size: parseInt(size, 16), signature };
}

async function readTrailers(reader: ByteReader, form: ChunkedForm, chain?: SignatureChain): Promise<void> {
  const lines: string[] = [];
  for (let line = await readLine(reader); line !== ''; line = await readLine(reader)) {
    lines.push(...line.split('\n').filter(Boolean)); // some clients end a trailer with LF and CRLF
    if (!form.trailing || lines.length > maxTrailers) throw invalid();
  }
  const pairs = lines.map(parseTrailer);
  const trailers = pairs.filter(([name]) => name !== signatureName);
  for (const [name, value] of trailers) form.trailers.set(name, value);
  if (!form.trailing || !chain) return;
  const signature = pairs.find(([name]) => name === signatureName)?.[1] ?? '';
  chain.checkTrailers(trailers.map(([name, value]) => `${name}:${value}\n`).join(''), signature);
}

function parseTrailer(line: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw invalid();
  return [name.toLowerCase(), value];
}

/** Each signature covers the one before it, so chunks can be neither changed, dropped, repeated nor reordered. */
class SignatureChain {
  constructor(
    private readonly signer: Signer,
    private previous: string,
  ) {}

  checkChunk(hash: string, signature: string): void {
    this.#advance(chunkSignature(this.signer, this.previous, hash), signature);
  }

  checkTrailers(text: string, signature: string): void {
    this.#advance(trailerSignature(this.signer, this.previous, text), signature);
  }

  #advance(expected: string, signature: string): void {
    if (!sameText(expected, signature)) throw new S3Error('SignatureDoesNotMatch', 'a chunk is not signed correctly');
    this.previous = expected;
  }
}
