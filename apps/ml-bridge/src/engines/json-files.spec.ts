import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { fileOf, JsonFile } from './json-file.js';
import { JsonFiles } from './json-files.js';

const mark = 'nobody knows ';

/** Reads a text that comes in pieces of any sizes. */
function read(text: string, sizes: number[] = [text.length]): unknown {
  const reader = new JsonFiles(mark);
  const bytes = Buffer.from(text);
  for (let from = 0, count = 0; from < bytes.length; count++) {
    const to = from + Math.max(1, sizes[count % sizes.length] ?? 1);
    reader.push(bytes.subarray(from, to));
    from = to;
  }
  return reader.value();
}

const file = randomBytes(150_001);
const base64 = file.toString('base64');
const isFile = ({ size, pieces }: JsonFile): boolean => size === file.length && Buffer.concat(pieces).equals(file);

describe('JSON with files', () => {
  it('is what it says, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (text, sizes) => {
        expect(read(text, sizes)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('has files as bytes, wherever they are, in whatever pieces they come', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });
    const text = JSON.stringify({ status: 'ok "so"', a: [base64, { b: `data:model/gltf-binary;base64,${base64}` }] });
    fc.assert(
      fc.property(sizes, (given) => {
        const { status, a } = read(text, [...given, 10_000]) as { status: string; a: [JsonFile, { b: JsonFile }] };
        expect([status, isFile(a[0]), isFile(a[1].b)]).toEqual(['ok "so"', true, true]);
      }),
      { numRuns: 20 },
    );
  });

  it('may have escaped slashes', () => {
    const text = `{"a":"${base64.replaceAll('/', String.raw`\/`)}"}`;
    expect(isFile((read(text, [1000]) as { a: JsonFile }).a)).toBe(true);
  });

  it('has small files too, as strings', async () => {
    for (const text of ['AQID', 'data:model/gltf-binary;base64,AQID', new JsonFile([Buffer.of(1), Buffer.of(2, 3)])]) {
      expect(fileOf(text)?.head(2)).toEqual(Buffer.of(1, 2));
      expect([fileOf(text)?.size, fileOf(text)?.head(9)]).toEqual([3, Buffer.of(1, 2, 3)]);
    }
    for (const other of ['https://a.invalid/x.glb', 'no file', 7, null, undefined]) expect(fileOf(other)).toBeNull();
  });

  it('has long texts that are no files', () => {
    const logs = 'step 1: "ok" \\ \n'.repeat(10_000);
    expect(read(JSON.stringify({ logs }), [5000])).toEqual({ logs });
  });

  it('cannot pretend to have a file that it has not', () => {
    expect(read(JSON.stringify([`${mark}0`]))).toEqual([`${mark}0`]);
  });

  it.each(['', '{', '"', `{"a":"${base64}`, `{"a":"${base64}"`, '<html>'])('is nothing when it is broken', (text) =>
    expect(read(text, [1000])).toBeUndefined(),
  );

  it('has no end of text', () => {
    const reader = new JsonFiles(mark);
    const push = (piece: string) => () => {
      for (let count = 0; count < 20; count++) reader.push(Buffer.from(piece));
    };
    expect(push(`"${' '.repeat(1024 ** 2)}"`)).toThrow(RangeError);
  });
});
