import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { openDownload } from '#contracts';
import { byteRangeOf } from '../src/files/byte-range.js';
import { aGateway, type TestGateway } from './a-gateway.js';
import { exchange, type RawAnswer } from './raw-exchange.js';
import { aToken } from './tokens.js';
import { aFile } from './views.js';

/** `FUZZ_RUNS` and `FUZZ_SEED` make it longer and different. */
const runs = Number(process.env.FUZZ_RUNS ?? 300);
const seed = Number(process.env.FUZZ_SEED ?? 5);

const size = 1000;
const bytes = randomBytes(size);
const file = aFile({ size_bytes: size });
const tag = `"${file.sha256}"`;

const position = fc.oneof(fc.constantFrom('', '0', '1', '999', '1000', '1001'), fc.nat(1100).map(String));
const ranges = fc
  .array(fc.tuple(position, position), { minLength: 1, maxLength: 40 })
  .map((list) => `bytes=${list.map((range) => range.join('-')).join(',')}`);
const oneRange = fc.tuple(position, position).map((range) => `bytes=${range.join('-')}`);
const tags = fc
  .array(fc.constantFrom(tag, `W/${tag}`, '*', '"x"', 'W/"y"', '""', tag.slice(1), ',', ' ', '"a,b"'), { maxLength: 8 })
  .map((list) => list.join(', '));
const dates = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
/** Whatever can stand in a line: no CR and no LF, which would make another one of it. */
const line = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const long = fc.nat(20_000).map((length) => `bytes=${'9'.repeat(length)}-`);

const value = fc.oneof(oneRange, ranges, tags, dates, line, long);
const name = fc.constantFrom('range', 'Range', 'if-range', 'if-none-match', 'if-match', 'if-modified-since');
const requests = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
  query: fc.constantFrom('', '', '', '?redirect=false', '?redirect=true', '?redirect=%00'),
  headers: fc.oneof(
    fc.array(fc.tuple(name, value), { maxLength: 4 }),
    oneRange.map((range): [string, string][] => [['range', range]]),
    tags.map((list): [string, string][] => [['if-none-match', list]]),
    fc.tuple(oneRange, tags).map(([range, list]): [string, string][] => [
      ['range', range],
      ['if-range', list],
    ]),
  ),
});

describe('a request for a part of a file, or for one that has changed,', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await aGateway({ RATE_LIMITS: 'off' });
    gateway.store.objects.set(file.file_id, bytes);
    const download_url = gateway.store.urlOf(file.file_id);
    gateway.storage.answer(openDownload, async () => ({ file, download_url }));
  });
  afterAll(() => gateway.stop());

  const send = (method: string, query: string, headers: [string, string][]): Promise<RawAnswer> => {
    const head = [
      `${method} /files/${file.file_id}${query} HTTP/1.1`,
      'host: a',
      `authorization: Bearer ${aToken(gateway)}`,
      ...headers.map((header) => header.join(': ')),
    ];
    return exchange(gateway.url, {
      bodiless: method === 'HEAD',
      writes: [Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1')],
    });
  };

  const expectSound = ({ status, headers, body, hung }: RawAnswer, method: string): void => {
    expect(hung).toBe(false);
    expect([200, 206, 304, 400, 416, 422]).toContain(status);
    if (status === 400) return; // no request that could be read: nobody knows of its method
    if (status === 304 || method === 'HEAD') return expect(body.length).toBe(0);
    if (status === 200) return expect(body.equals(bytes)).toBe(true);
    if (status === 416) return expect(headers['content-range']).toBe(`bytes */${size}`);
    if (status !== 206) return;
    const [, first, last] = /^bytes (\d+)-(\d+)\/1000$/.exec(headers['content-range']!)!;
    expect(body.equals(bytes.subarray(Number(first), Number(last) + 1))).toBe(true);
    expect(headers['content-length']).toBe(String(body.length));
  };

  const expectPart = ({ status, headers }: RawAnswer, range: string): void => {
    if (status !== 200 && status !== 206 && status !== 416) return;
    const meant = byteRangeOf(range, size);
    expect([range, status]).toEqual([range, meant === 'whole' ? 200 : meant === 'unsatisfiable' ? 416 : 206]);
    if (typeof meant === 'object') expect(headers['content-range']).toBe(`bytes ${meant.first}-${meant.last}/${size}`);
  };

  it(
    'is answered soundly and soon, whatever its headers are',
    async () => {
      const seen = new Map<number | null, number>();
      const property = fc.asyncProperty(requests, async ({ method, query, headers }) => {
        const answer = await send(method, query, headers);
        expectSound(answer, method);
        const [[only, range] = [], ...others] = headers;
        if (method === 'GET' && only?.toLowerCase() === 'range' && others.length === 0) expectPart(answer, range!);
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      });
      await fc.assert(property, { numRuns: runs, seed });
      // every kind of answer is reached
      expect(new Set(seen.keys())).toEqual(new Set([200, 206, 304, 400, 416, 422]));
    },
    runs * 200 + 60_000,
  );
});
