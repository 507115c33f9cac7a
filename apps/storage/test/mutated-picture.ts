import { crc32 } from 'node:zlib';
import { type Arbitrary, array, constantFrom, nat, oneof, record } from 'fast-check';

/** One change of a file: where, as a part of its length. */
type Change = (bytes: Buffer) => Buffer;

const at = nat(9999).map((part) => part / 10_000);
/** Most of what a decoder believes stands at the beginning. */
const early = at.map((part) => part ** 3);
const place = oneof(at, early);
const spot = (bytes: Buffer, part: number): number => Math.floor(part * bytes.length);

const interesting = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 7000, 16_383];

const flip: Arbitrary<Change> = record({ part: place, bit: nat(7) }).map(({ part, bit }) => (bytes) => {
  if (bytes.length > 0) bytes[spot(bytes, part)]! ^= 1 << bit;
  return bytes;
});

const number: Arbitrary<Change> = record({
  part: place,
  value: constantFrom(...interesting),
  width: constantFrom(1, 2, 4),
  little: constantFrom(true, false),
}).map(({ part, value, width, little }) => (bytes) => {
  const start = spot(bytes, part);
  if (start + width > bytes.length) return bytes;
  const low = value % 2 ** (8 * width);
  if (little) bytes.writeUIntLE(low, start, width);
  else bytes.writeUIntBE(low, start, width);
  return bytes;
});

const cut: Arbitrary<Change> = at.map((part) => (bytes) => bytes.subarray(0, spot(bytes, part)));

const without: Arbitrary<Change> = record({ part: place, length: nat(64) }).map(
  ({ part, length }) =>
    (bytes) =>
      Buffer.concat([bytes.subarray(0, spot(bytes, part)), bytes.subarray(spot(bytes, part) + length)]),
);

const repeated: Arbitrary<Change> = record({ part: place, length: nat(200), times: nat(20) }).map(
  ({ part, length, times }) =>
    (bytes) => {
      const start = spot(bytes, part);
      const piece = bytes.subarray(start, start + length);
      return Buffer.concat([bytes.subarray(0, start), ...Array<Buffer>(times).fill(piece), bytes.subarray(start)]);
    },
);

/** Corrects the check sums of a PNG, so that a decoder believes what was changed in its chunks. */
const corrected: Arbitrary<Change> = constantFrom((bytes: Buffer) => {
  for (let start = 8; start + 12 <= bytes.length;) {
    const end = start + 8 + bytes.readUInt32BE(start);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(start + 4, end)), end);
    start = end + 4;
  }
  return bytes;
});

/** What tells a picture's format stays: what has none is refused before a decoder sees it. */
const keepHead = (of: Buffer, bytes: Buffer): Buffer => Buffer.concat([of.subarray(0, 12), bytes.subarray(12)]);

/** A few changes one after the other, to be made to a copy. */
export const mutation: Arbitrary<Change> = record({
  changes: array(oneof({ arbitrary: flip, weight: 3 }, { arbitrary: number, weight: 4 }, cut, without, repeated), {
    minLength: 1,
    maxLength: 6,
  }),
  end: oneof(
    corrected,
    constantFrom((bytes: Buffer) => bytes),
  ),
}).map(
  ({ changes, end }) =>
    (bytes) =>
      end(
        keepHead(
          bytes,
          changes.reduce<Buffer>((left, change) => change(left), Buffer.from(bytes)),
        ),
      ),
);
