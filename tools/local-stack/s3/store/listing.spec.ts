import { byKeyBytes, listPage, type ListRequest } from './listing.js';

const keys = ['b', 'a/2', 'a/1', 'a', 'a/b/1', 'a/b/2', 'c/1', 'z'];
const items = keys.map((key) => ({ key })).toSorted(byKeyBytes);

function list(about: Partial<ListRequest>, of = items) {
  const page = listPage(of, { prefix: '', delimiter: '', after: '', limit: 1_000, ...about });
  return { keys: page.items.map(({ key }) => key), prefixes: page.prefixes, next: page.next };
}

/** Every page, one after the other. */
function listAll(about: Partial<ListRequest>) {
  const names: string[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = list({ ...about, after });
    names.push(...page.keys, ...page.prefixes);
    after = page.next;
  }
  return names.toSorted();
}

describe('a listing', () => {
  it('is in the order of UTF-8 bytes', () => {
    const mixed = ['😀', '\uffee', 'é', 'Z', 'a'].map((key) => ({ key })).toSorted(byKeyBytes);
    expect(mixed.map(({ key }) => key)).toEqual(['Z', 'a', 'é', '\uffee', '😀']);
  });

  it('shows what is below a prefix', () => {
    expect(list({ prefix: 'a/' }).keys).toEqual(['a/1', 'a/2', 'a/b/1', 'a/b/2']);
    expect(list({ prefix: 'd' })).toEqual({ keys: [], prefixes: [], next: undefined });
  });

  it('groups by a delimiter', () => {
    expect(list({ delimiter: '/' })).toMatchObject({ keys: ['a', 'b', 'z'], prefixes: ['a/', 'c/'] });
    expect(list({ delimiter: '/', prefix: 'a/' })).toMatchObject({ keys: ['a/1', 'a/2'], prefixes: ['a/b/'] });
  });

  it('starts behind a key', () => {
    expect(list({ after: 'a/b/1' }).keys).toEqual(['a/b/2', 'b', 'c/1', 'z']);
    expect(list({ after: 'a/b' }).keys).toEqual(['a/b/1', 'a/b/2', 'b', 'c/1', 'z']);
  });

  it('still shows a group when it starts inside of it, but not when it starts behind it', () => {
    expect(list({ delimiter: '/', after: 'a/1' }).prefixes).toEqual(['a/', 'c/']);
    expect(list({ delimiter: '/', after: 'a/' }).prefixes).toEqual(['c/']);
  });

  it.each([1, 2, 3, 5])('shows everything once in pages of %i', (limit) => {
    expect(listAll({ limit })).toEqual(keys.toSorted());
    expect(listAll({ limit, delimiter: '/' })).toEqual(['a', 'a/', 'b', 'c/', 'z']);
  });

  it('has no next page when nothing follows', () => {
    expect(list({ limit: items.length }).next).toBeUndefined();
    expect(list({ limit: items.length - 1 }).next).toBe('c/1');
    expect(list({ limit: 0 })).toEqual({ keys: [], prefixes: [], next: undefined });
  });
});
