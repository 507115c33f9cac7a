import { newRefreshToken, refreshTokenHash } from './refresh-token.js';

describe('a refresh token', () => {
  it('is 256 bits of base64url, different every time', () => {
    const tokens = Array.from({ length: 100 }, newRefreshToken);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(new Set(tokens).size).toBe(100);
  });

  it('is stored as its SHA-256 (test vector of FIPS 180-4)', () => {
    expect(refreshTokenHash('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
