/** What the header of a JWT claims about it, before anything is verified. */
export interface TokenHeader {
  alg?: unknown;
  kid?: unknown;
  typ?: unknown;
}

/** The JOSE header of a compact JWT (RFC 7515 §7.1), or null when there is none to read. */
export function tokenHeaderOf(token: string): TokenHeader | null {
  const [header = '', ...rest] = token.split('.');
  if (rest.length !== 2) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}
