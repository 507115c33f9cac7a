const name = 'lathe_refresh_token';
/** What no script reads, no other site sends, and no route outside /auth gets (RFC 6265bis §4.1.2). */
const attributes = 'HttpOnly; Secure; SameSite=Strict; Path=/auth';

/** The Set-Cookie header that keeps a refresh token in a browser until it expires. */
export function refreshCookie(token: string, expiresAt: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((Date.parse(expiresAt) - now.getTime()) / 1000));
  return `${name}=${token}; ${attributes}; Max-Age=${seconds}`;
}

/** The Set-Cookie header that takes it away. */
export const clearedRefreshCookie = `${name}=; ${attributes}; Max-Age=0`;

/**
 * The refresh token in a Cookie header, or null. Of two of that name neither is believed: the second may have been put there by another
 * host of the same domain, to slip its own session into this browser.
 */
export function refreshTokenIn(header = ''): string | null {
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [token = '', ...others] = values;
  return others.length === 0 && /^[\w.~+/=-]{1,512}$/.test(token) ? token : null;
}
