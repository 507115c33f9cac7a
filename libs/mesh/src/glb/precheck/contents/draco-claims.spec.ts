import { dracoClaimsOf } from './draco-claims.js';

const header = (method: number, ...rest: number[]): Uint8Array =>
  Uint8Array.from([...Buffer.from('DRACO'), 2, 2, 1, method, 0, 0, ...rest]);

describe('the claims of a Draco bitstream', () => {
  it.each([
    ['sequential: faces first', header(0, 0x80, 0x01, 5), { faces: 128, vertices: 5 }],
    ['edgebreaker: vertices behind the traversal', header(1, 2, 0xac, 0x02, 7), { vertices: 300, faces: 7 }],
    ['the largest', header(0, 0xff, 0xff, 0xff, 0xff, 0x0f, 1), { faces: 0xffffffff, vertices: 1 }],
  ])('are read: %s', (_, bytes, claims) => expect(dracoClaimsOf(bytes)).toEqual(claims));

  it.each([
    ['another version', header(0, 1, 1).fill(1, 5, 7)],
    ['a cloud of points', header(0, 1, 1).fill(0, 7, 8)],
    ['an unknown method', header(9, 1, 1)],
    ['metadata', header(0, 1, 1).fill(0x80, 10, 11)],
    ['numbers without an end', header(0, 0xff, 0xff)],
    ['nothing', new Uint8Array(0)],
  ])('are unknown: %s', (_, bytes) => expect(dracoClaimsOf(bytes)).toBeNull());
});
