import { byteRangeOf } from './byte-range.js';

describe('a byte range', () => {
  it.each([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=2-4', { first: 2, last: 4 }],
    ['bytes=5-', { first: 5, last: 9 }],
    ['bytes=5-999', { first: 5, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-999', { first: 0, last: 9 }],
    ['Bytes=2-4', { first: 2, last: 4 }],
  ])('%s is a part of ten bytes', (header, range) => {
    expect(byteRangeOf(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=99999999999999999999-', 'bytes=-0'])(
    '%s is outside of ten bytes',
    (header) => {
      expect(byteRangeOf(header, 10)).toBe('unsatisfiable');
    },
  );

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=4-2', 'bytes=0-1,3-4', 'bytes=a-b', 'lines=1-2', 'bytes = 1-2'])(
    '%s is ignored',
    (header) => {
      expect(byteRangeOf(header, 10)).toBe('whole');
    },
  );

  it.each(['bytes=0-', 'bytes=-1'])('%s of an empty file is outside', (header) => {
    expect(byteRangeOf(header, 0)).toBe('unsatisfiable');
  });
});
