import fc, { type Arbitrary } from 'fast-check';
import { aGlbOf } from './a-glb.js';
import type { CorpusFile } from './corpus.js';

type Mutation = (glb: Uint8Array) => Uint8Array;

/** A file of the corpus after one to four mutations: of its bytes, its lengths or its JSON. */
export const aMutatedGlb = (files: CorpusFile[]): Arbitrary<{ from: string; bytes: Uint8Array }> =>
  fc
    .tuple(fc.constantFrom(...files), fc.array(aMutation, { minLength: 1, maxLength: 4 }))
    .map(([{ name, bytes }, mutations]) => ({
      from: name,
      bytes: mutations.reduce<Uint8Array>((glb, mutate) => mutate(glb), bytes),
    }));

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const changedByte = fc.tuple(share, fc.integer({ min: 1, max: 255 })).map(([where, bits]): Mutation => (glb) => {
  const changed = glb.slice();
  if (glb.length > 0) changed[Math.floor(where * glb.length)]! ^= bits;
  return changed;
});

const cut = share.map(
  (where): Mutation =>
    (glb) =>
      glb.slice(0, Math.floor(where * glb.length)),
);

/** A piece of the file once more, at another place. */
const copiedPiece = fc.tuple(share, share, share).map(([from, length, to]): Mutation => (glb) => {
  const start = Math.floor(from * glb.length);
  const piece = glb.slice(start, start + Math.ceil(length * 64));
  const at = Math.floor(to * glb.length);
  return Uint8Array.from([...glb.subarray(0, at), ...piece, ...glb.subarray(at)]);
});

const lengths = [0, 1, 3, 4, 12, 255, 65_535, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];

/** Another number in place of one of the file's 32-bit words, most often in the headers. */
const lie = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.nat(200)), fc.constantFrom(...lengths))
  .map(([word, value]): Mutation => (glb) => {
    if (glb.length < 4 * word + 4) return glb;
    const changed = glb.slice();
    new DataView(changed.buffer).setUint32(4 * word, value, true);
    return changed;
  });

const numbers = [0, 1, 2, 3, 4, 5, 100, 5126, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, -1, -2, 0.5, 1e15, 1e300];
const others = [
  null,
  true,
  false,
  '',
  'NaN',
  '3',
  '__proto__',
  '../../etc/passwd',
  'data:;base64,AAAA',
  [],
  {},
  [0],
  [-1],
];
const aValue: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...numbers) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(...others) },
  { weight: 1, arbitrary: fc.nat(80).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth) || '0')) },
);

/** Another value, another part of the document, or nothing in place of any value of the JSON. */
const changedJson = fc
  .tuple(
    share,
    fc.oneof(
      aValue.map((value) => ({ value })),
      share.map((from) => ({ from })),
    ),
    fc.boolean(),
  )
  .map(([where, source, drop]): Mutation => (glb) => {
    const parts = partsOf(glb);
    if (!parts) return glb;
    const places = placesOf(parts.json);
    const place = places[Math.floor(where * places.length)];
    if (!place) return glb;
    const { holder, key } = place;
    const from = 'from' in source ? places[Math.floor(source.from * places.length)]! : undefined;
    if (drop && !from) delete holder[key];
    else holder[key] = from ? structuredClone(from.holder[from.key]) : (source as { value: unknown }).value;
    return aGlbOf(parts.json, parts.binary);
  });

const aMutation: Arbitrary<Mutation> = fc.oneof(
  { weight: 6, arbitrary: changedJson },
  { weight: 3, arbitrary: changedByte },
  { weight: 1, arbitrary: lie },
  { weight: 1, arbitrary: copiedPiece },
  { weight: 1, arbitrary: cut },
);

/** The JSON and the rest of a GLB that still has both. */
function partsOf(glb: Uint8Array): { json: unknown; binary: Uint8Array } | null {
  if (glb.length < 20) return null;
  const end = 20 + new DataView(glb.buffer, glb.byteOffset).getUint32(12, true);
  const text = Buffer.from(glb.subarray(20, end)).toString();
  // nested without end it would end this process instead of the one under test
  if (text.length > 20_000 || text.includes('['.repeat(200))) return null;
  try {
    return { json: JSON.parse(text) as unknown, binary: glb.slice(end + 8) };
  } catch {
    return null;
  }
}

type Holder = Record<string | number, unknown>;

/** Every member of every object and list within a value. */
function placesOf(value: unknown): { holder: Holder; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [{ holder: value as Holder, key }, ...placesOf((value as Holder)[key])]);
}
