import { clearedRefreshCookie, refreshCookie, refreshTokenIn } from './refresh-cookie.js';

describe('the cookie of a refresh token', () => {
  const now = new Date('2026-01-01T00:00:00.000Z');

  it('is only for /auth of this site, for no script, and lives as long as the token', () => {
    expect(refreshCookie('abc', '2026-01-01T01:00:00.900Z', now)).toBe(
      'lathe_refresh_token=abc; HttpOnly; Secure; SameSite=Strict; Path=/auth; Max-Age=3600',
    );
    expect(refreshCookie('abc', '2025-01-01T00:00:00.000Z', now)).toMatch(/; Max-Age=0$/);
    expect(clearedRefreshCookie).toBe('lathe_refresh_token=; HttpOnly; Secure; SameSite=Strict; Path=/auth; Max-Age=0');
  });

  it.each([
    ['lathe_refresh_token=a-b_c.1', 'a-b_c.1'],
    ['other=1; lathe_refresh_token=abc; more=2', 'abc'],
    ['other=1;lathe_refresh_token=abc', 'abc'],
    ['x_lathe_refresh_token=abc', null],
    ['lathe_refresh_token=', null],
    ['lathe_refresh_token="abc"', null],
    ['lathe_refresh_token=a; lathe_refresh_token=b', null],
    [`lathe_refresh_token=${'x'.repeat(513)}`, null],
    ['', null],
    [undefined, null],
  ])('is read from %j', (header, token) => {
    expect(refreshTokenIn(header)).toBe(token);
  });
});
