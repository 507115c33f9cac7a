import { array, assert, integer, property, uniqueArray } from 'fast-check';
import { compare, type KeyedSince } from './comparison.js';

const limit = new Date('2026-01-02T00:00:00Z');
const old = (key: string): KeyedSince => ({ key, since: new Date('2026-01-01T00:00:00Z') });
const young = (key: string): KeyedSince => ({ key, since: new Date('2026-01-02T00:00:01Z') });
const all = (...items: KeyedSince[]) => ({ items, more: false });
const some = (...items: KeyedSince[]) => ({ items, more: true });
const same = { strays: [], lost: [], doubtful: false, next: undefined };

describe('comparing the store with the files', () => {
  it('finds nothing when both have the same', () => {
    expect(compare(all(old('a'), old('b')), all(old('a'), old('b')), limit)).toEqual(same);
    expect(compare(all(), all(), limit)).toEqual(same);
  });

  it('finds objects without a file and files without an object', () => {
    const { strays, lost } = compare(all(old('a'), old('b')), all(old('b'), old('c')), limit);
    expect({ strays, lost }).toEqual({ strays: ['a'], lost: ['c'] });
  });

  it('leaves alone what is younger than the limit', () => {
    expect(compare(all(young('a')), all(young('b')), limit)).toEqual(same);
  });

  it.each([
    ['the store', some(old('a'), old('b')), all(old('a'), old('b'), old('c')), 'b'],
    ['the files', all(old('a'), old('b'), old('c')), some(old('a')), 'a'],
    ['both', some(old('a'), old('b'), old('c')), some(old('a'), old('b')), 'b'],
  ])('judges no further than %s was listed', (_, objects, files, next) => {
    expect(compare(objects, files, limit)).toEqual({ ...same, next });
  });

  it('knows the order of a store: by the bytes of UTF-8', () => {
    expect(compare(some(old('\uffee')), some(old('\uffee'), old('\u{1f600}')), limit)).toEqual({
      ...same,
      next: '\uffee',
    });
  });

  const many = (count: number, from = 0) => Array.from({ length: count }, (_, n) => old(`key ${100 + from + n}`));

  it.each([
    ['eleven of twenty-one files have no object', all(...many(10)), all(...many(21)), true],
    ['eleven of twenty-two', all(...many(11)), all(...many(22)), false],
    ['all of ten', all(), all(...many(10)), false],
    ['eleven of twenty-one objects have no file', all(...many(21)), all(...many(10)), true],
    ['eleven of twenty-two objects', all(...many(22)), all(...many(11)), false],
  ])('doubts that they belong together when %s', (_, objects, files, doubtful) => {
    expect(compare(objects, files, limit).doubtful).toBe(doubtful);
  });

  it('finds part by part what it would find at once', () => {
    const keys = uniqueArray(integer({ min: 100, max: 160 }), { maxLength: 40 });
    assert(
      property(
        keys,
        keys,
        array(integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        (stored, known, sizes) => {
          const [objects, files] = [stored, known].map((list) =>
            list.toSorted((a, b) => a - b).map((key) => old(String(key))),
          );
          const page = (list: KeyedSince[], after: string, size: number) => {
            const rest = list.filter(({ key }) => key > after);
            return { items: rest.slice(0, size), more: rest.length > size };
          };
          const found = { strays: [] as string[], lost: [] as string[] };
          let after: string | undefined = '';
          for (let turn = 0; after !== undefined; turn++) {
            const size = sizes[turn % sizes.length]!;
            const { strays, lost, next } = compare(page(objects!, after, size), page(files!, after, 6 - size), limit);
            found.strays.push(...strays);
            found.lost.push(...lost);
            after = next;
          }
          const { strays, lost } = compare(all(...objects!), all(...files!), limit);
          expect(found).toEqual({ strays, lost });
        },
      ),
    );
  });
});
