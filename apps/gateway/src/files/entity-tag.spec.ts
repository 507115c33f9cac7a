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
});
