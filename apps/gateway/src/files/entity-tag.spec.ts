import fc from 'fast-check';
import { entityTag, namesTag } from './entity-tag.js';

describe('an entity tag', () => {
  const tag = entityTag('abc');

  it('is the hash in quotes', () => {
    expect(tag).toBe('"abc"');
  });

  it.each(['"abc"', 'W/"abc"', '"x", "abc"', ' "abc" ', '*'])('is named by %s', (header) => {
    expect(namesTag(header, tag)).toBe(true);
  });

  it.each([undefined, '', 'abc', '"ab"', '"abcd"', 'W/abc'])('is not named by %s', (header) => {
    expect(namesTag(header, tag)).toBe(false);
  });

  it('is found in a list exactly when it is one of its entries, whatever the others are', () => {
    const opaque = fc.string({ unit: fc.constantFrom('a', ',', '/', 'W', '*', ' ', '\t', '!', '~') });
    const entry = fc.record({ weak: fc.boolean(), opaque: fc.oneof(opaque, fc.constant('a'.repeat(64))) });
    const gap = fc.constantFrom(',', ', ', ' ,', ',,', ' , ,\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, gap), { maxLength: 6 }), (list) => {
        const header = list.map(([one, after]) => `${one.weak ? 'W/' : ''}"${one.opaque}"${after}`).join('');
        expect(namesTag(header, entityTag('a'.repeat(64)))).toBe(list.some(([one]) => one.opaque === 'a'.repeat(64)));
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 1000), seed: Number(process.env.FUZZ_SEED ?? 5) },
    );
  });
});
