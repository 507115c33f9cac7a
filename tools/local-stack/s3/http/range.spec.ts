import { parseRange } from './range.js';

describe('a Range header', () => {
  it.each([
    ['bytes=0-0', { from: 0, to: 0 }],
    ['bytes=2-', { from: 2, to: 9 }],
    ['bytes=2-99', { from: 2, to: 9 }],
    ['bytes=-3', { from: 7, to: 9 }],
    ['bytes=-99', { from: 0, to: 9 }],
  ])('%s selects bytes of ten', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each([undefined, 'bytes=-', 'bytes=0-1,3-4', 'bytes=5-2', 'items=0-1', 'bytes=a-b'])(
    '%s means everything',
    (header) => {
      expect(parseRange(header, 10)).toBeUndefined();
    },
  );

  it.each([
    ['bytes=10-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-1', 0],
  ])('%s of %i bytes is refused', (header, size) => {
    expect(() => parseRange(header, size)).toThrow(
      expect.objectContaining({ code: 'InvalidRange', more: { headers: { 'content-range': `bytes */${size}` } } }),
    );
  });
});
