import fc from 'fast-check';
import { byteRangeOf } from './byte-range.js';

/** What RFC 9110 §14.1.2 says about a single range, written down another way: character by character, with whole numbers of any size. */
function meaningOf(header: string, size: bigint): string {
  const spec = header.trim();
  if (spec.slice(0, 6).toLowerCase() !== 'bytes=') return 'whole';
  const positions = spec.slice(6).split('-');
  if (positions.length !== 2) return 'whole';
  if (positions.some((digits) => [...digits].some((one) => !'0123456789'.includes(one)))) return 'whole';
  const [from = '', to = ''] = positions;
  if (from === '') {
    if (to === '') return 'whole';
    const suffix = BigInt(to) < size ? BigInt(to) : size;
    return suffix === 0n ? 'unsatisfiable' : `${size - suffix}-${size - 1n}`;
  }
  if (to !== '' && BigInt(to) < BigInt(from)) return 'whole';
  if (BigInt(from) >= size) return 'unsatisfiable';
  return `${BigInt(from)}-${to === '' || BigInt(to) >= size ? size - 1n : BigInt(to)}`;
}

const spelled = (range: ReturnType<typeof byteRangeOf>): string =>
  typeof range === 'string' ? range : `${range.first}-${range.last}`;

const sizes = fc.oneof(fc.constantFrom(0, 1, 2, Number.MAX_SAFE_INTEGER), fc.nat(20), fc.maxSafeNat());
const near = (size: number) => fc.integer({ min: -2, max: 2 }).map((more) => String(BigInt(size) + BigInt(more)));
const positions = (size: number) =>
  fc.oneof(
    fc.constant(''),
    fc.nat(25).map(String),
    near(size),
    fc.maxSafeNat().map(String),
    fc.bigInt(0n, 10n ** 30n).map(String),
    fc.tuple(fc.nat(30), fc.nat(30)).map(([zeros, value]) => '0'.repeat(zeros) + value),
    fc.constantFrom('-1', '+1', ' 1', '1 ', '1e1', '0x1', '١', '𝟏', '1.0'),
  );
const units = fc.constantFrom(
  'bytes=',
  'bytes=',
  'bytes=',
  'Bytes=',
  'BYTES=',
  'bytes =',
  'bytes= ',
  'lines=',
  '=',
  '',
);
const wellMeant = sizes.chain((size) =>
  fc.record({
    size: fc.constant(size),
    header: fc
      .tuple(units, fc.array(fc.tuple(positions(size), positions(size)), { minLength: 1, maxLength: 3 }))
      .map(([unit, ranges]) => unit + ranges.map((range) => range.join('-')).join(',')),
  }),
);
const noise = fc.record({
  size: sizes,
  header: fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^bytes=[-0-9, ]*$/)),
});

describe('a byte range', () => {
  it('is what the standard says, whatever the header is', () => {
    fc.assert(
      fc.property(fc.oneof(wellMeant, noise), ({ header, size }) => {
        expect([header, spelled(byteRangeOf(header, size))]).toEqual([header, meaningOf(header, BigInt(size))]);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 3000), seed: Number(process.env.FUZZ_SEED ?? 5) },
    );
  });
});
