import { tokenHeaderOf } from './token-header.js';

const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');

describe('the header of a token', () => {
  it('is what the token claims about itself', () => {
    const header = { alg: 'ES256', kid: '1', typ: 'at+jwt' };
    expect(tokenHeaderOf(`${encoded(header)}.e30.x`)).toEqual(header);
  });

  it.each(['', 'a', 'a.b', 'a.b.c', `${encoded('text')}.e30.x`, `${encoded(null)}.e30.x`, `${encoded({})}.e30.x.y`])(
    'is not in %j',
    (token) => {
      expect(tokenHeaderOf(token)).toBeNull();
    },
  );
});
