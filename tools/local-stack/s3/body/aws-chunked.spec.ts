import { exampleSigner } from '../signing/aws-examples.js';
import { decodeAwsChunked, type ChunkedForm } from './aws-chunked.js';
import { checksums } from './checksums.js';

const first = 'a'.repeat(65_536);
const second = 'a'.repeat(1_024);

const chunk = (data: string, signature?: string): string =>
  `${data.length.toString(16)}${signature ? `;chunk-signature=${signature}` : ''}\r\n${data}\r\n`;
const lastChunk = (signature: string): string => `0;chunk-signature=${signature}\r\n`;

/** The body of "Transferring Payload in Multiple Chunks". */
const plain = {
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  body: [
    chunk(first, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
    chunk(second, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
    `${lastChunk('b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9')}\r\n`,
  ],
};

/** The body of "… Including Trailing Headers". */
const trailer = 'x-amz-checksum-crc32c:sOO8/Q==';
const trailing = {
  seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  body: [
    chunk(first, 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
    chunk(second, '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
    lastChunk('2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992'),
    `${trailer}\n\r\n`,
    'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  ],
};

async function* pieces(body: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function decode(body: string, form: Partial<ChunkedForm>, pieceSize = 4_096): Promise<string> {
  const decoded: Buffer[] = [];
  const whole = { trailing: false, trailers: new Map(), ...form };
  for await (const piece of decodeAwsChunked(pieces(body, pieceSize), whole)) decoded.push(piece);
  return Buffer.concat(decoded).toString();
}

const chainFrom = (seed: string) => ({ signer: exampleSigner, seed });
const refused = (code: string) => expect.objectContaining({ code });

describe('an aws-chunked body', () => {
  it('with signed chunks is unwrapped, as in the example of AWS', async () => {
    await expect(decode(plain.body.join(''), { chain: chainFrom(plain.seed) })).resolves.toBe(first + second);
  });

  it('with signed trailers is unwrapped, as in the example of AWS', async () => {
    const trailers = new Map<string, string>();
    const form = { chain: chainFrom(trailing.seed), trailing: true, trailers };
    await expect(decode(trailing.body.join(''), form)).resolves.toBe(first + second);
    const crc32c = checksums.get('x-amz-checksum-crc32c')?.();
    crc32c?.update(Buffer.from(first + second));
    expect(trailers).toEqual(new Map([['x-amz-checksum-crc32c', crc32c?.digest()]]));
  });

  it.each([1, 2, 3, 7, 61])('is unwrapped however it is cut: into %i bytes', async (size) => {
    const body = `${chunk('hello ')}${chunk('world')}0\r\nx-amz-checksum-crc32:abcd\r\n\r\n`;
    const trailers = new Map<string, string>();
    await expect(decode(body, { trailing: true, trailers }, size)).resolves.toBe('hello world');
    expect(trailers.get('x-amz-checksum-crc32')).toBe('abcd');
  });

  it.each([
    ['a byte was changed', (body: string) => body.replace('aaa', 'aab')],
    ['a chunk was dropped', () => plain.body.slice(1).join('')],
    ['a chunk was repeated', () => [plain.body[0], ...plain.body].join('')],
    ['the end was forged', (body: string) => body.replace('b6c6ea', '000000')],
    ['a chunk is not signed', () => `${chunk('evil')}0\r\n\r\n`],
  ])('is refused when %s', async (_what, change) => {
    const changed = change(plain.body.join(''));
    await expect(decode(changed, { chain: chainFrom(plain.seed) })).rejects.toEqual(refused('SignatureDoesNotMatch'));
  });

  it('is refused when a signed trailer was changed or its signature is missing', async () => {
    const form = { chain: chainFrom(trailing.seed), trailing: true };
    const changed = trailing.body.join('').replace('sOO8', 'sOO9');
    await expect(decode(changed, form)).rejects.toEqual(refused('SignatureDoesNotMatch'));
    const unsigned = `${trailing.body.slice(0, 4).join('')}\r\n`;
    await expect(decode(unsigned, form)).rejects.toEqual(refused('SignatureDoesNotMatch'));
  });

  it.each([
    ['IncompleteBody', chunk('hello')],
    ['IncompleteBody', '5\r\nhel'],
    ['IncompleteBody', `${chunk('hello')}0\r\n`],
    ['InvalidChunk', 'five\r\nhello\r\n0\r\n\r\n'],
    ['InvalidChunk', '4\r\nhello\r\n0\r\n\r\n'],
    ['InvalidChunk', `${chunk('hello')}0\r\n\r\nmore`],
    ['InvalidChunk', `${chunk('hello')}0\r\nx-amz-checksum-crc32:abcd\r\n\r\n`],
    ['InvalidChunk', 'a'.repeat(10_000)],
  ])('is refused with %s when it is %j', async (code, body) => {
    await expect(decode(body, {})).rejects.toEqual(refused(code));
  });
});
