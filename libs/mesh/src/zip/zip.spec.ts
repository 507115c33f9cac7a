import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { zip, type ZipFile } from './zip.js';

const files: fc.Arbitrary<ZipFile[]> = fc.uniqueArray(
  fc.record(
    {
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      data: fc.uint8Array({ maxLength: 5_000 }),
      deflate: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ['name', 'data'] },
  ),
  { selector: ({ name }) => name, maxLength: 8 },
);

/** Where the data of every file starts, and how it is packed, by walking the local headers. */
function* localFiles(archive: Buffer): Generator<{ method: number; start: number }> {
  for (let at = 0; archive.readUInt32LE(at) === 0x04034b50;) {
    const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
    yield { method: archive.readUInt16LE(at + 8), start };
    at = start + archive.readUInt32LE(at + 18);
  }
}

describe('a ZIP', () => {
  it('is read back by another library, whatever the names and contents', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom(1, 4, 64), async (list, alignment) => {
        const read = unzipSync(await zip(list, { alignment }));
        expect(Object.keys(read).toSorted()).toEqual(list.map(({ name }) => name).toSorted());
        for (const { name, data } of list) expect(Buffer.from(read[name]!).equals(data)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('starts the data of every file at the alignment, and packs only what is to be packed', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const found = [...localFiles(Buffer.from(await zip(list, { alignment: 64 })))];
        expect(found.map(({ start }) => start % 64)).toEqual(list.map(() => 0));
        expect(found.map(({ method }) => method)).toEqual(list.map(({ deflate }) => (deflate === undefined ? 0 : 8)));
      }),
      { numRuns: 60 },
    );
  });

  it('says 1980 whatever the clock says', async () => {
    const archive = Buffer.from(await zip([{ name: 'a.txt', data: Buffer.from('a'), deflate: 6 }]));
    expect([archive.readUInt16LE(10), archive.readUInt16LE(12)]).toEqual([0, 0x21]);
  });

  it('holds nothing when there is nothing', async () => {
    expect(unzipSync(await zip([]))).toEqual({});
  });
});
