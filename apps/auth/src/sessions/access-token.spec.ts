import jwt from 'jsonwebtoken';
import { newKeyPair } from '../signing-keys/signing-key.js';
import { signAccessToken } from './access-token.js';

const now = new Date('2026-11-23T08:00:00.500Z');
const issuedAt = Math.floor(now.getTime() / 1000);
const { kid, privateKey } = newKeyPair();
const decoded = (token: string) => jwt.decode(token, { complete: true })!;

describe('an access token', () => {
  const claims = { sub: 'the account', sid: 'the session' };

  it('says who issued it for whom, whose it is and how long it is good', () => {
    const { header, payload } = decoded(signAccessToken(claims, { kid, privateKey }, now, 900));
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid });
    expect(payload).toEqual({
      iss: 'lathe',
      aud: 'lathe-api',
      sub: 'the account',
      sid: 'the session',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: issuedAt,
      exp: issuedAt + 900,
    });
  });

  it('is never the same twice', () => {
    const ids = [1, 2].map(() => decoded(signAccessToken(claims, { kid, privateKey }, now, 900)).payload);
    expect(ids[0]).not.toEqual(ids[1]);
  });
});
