import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { UUID } from 'uuidv7';

/**
 * A refresh token: session (16 bytes), generation (4), secret (32), tag (16), in base64url. Clients see an opaque text.
 *
 * The first secret is random and each next one is an HMAC of the one before under a key of ours, so that a repeated exchange
 * finds the very same successor without a token being stored. The tag tells a token that we once gave out from one that somebody
 * put together: only the former may end a session.
 */
export interface RefreshToken {
  text: string;
  sessionId: string;
  /** 0 for the one of the log-in, then one more at each exchange. */
  generation: number;
}

const idBytes = 16;
const secretBytes = 32;
const headBytes = idBytes + 4 + secretBytes;
const tagBytes = 16;

/** Keys of refresh tokens, the newest first: that one makes them, and each knows its own. */
export type RefreshTokenKeys = readonly [Buffer, ...Buffer[]];

/** Derived from the service's secrets (HKDF, RFC 5869). */
export const refreshTokenKeys = ([newest, ...others]: [string, ...string[]]): RefreshTokenKeys => [
  keyFrom(newest),
  ...others.map(keyFrom),
];

/** The token that a log-in answers. */
export const firstRefreshToken = (sessionId: string, [newest]: RefreshTokenKeys): RefreshToken =>
  tokenOf(sessionId, 0, randomBytes(secretBytes), newest);

/** The token that a token is exchanged for: always the same one, as long as the newest key is. */
export const successorOf = (token: RefreshToken, [newest]: RefreshTokenKeys): RefreshToken => madeBy(newest, token);

/** The token that a token was exchanged for, by its stored hash, whichever of the keys made it; null when none did. */
export const successorWith = (hash: Buffer, token: RefreshToken, keys: RefreshTokenKeys): RefreshToken | null =>
  keys.map((key) => madeBy(key, token)).find(({ text }) => refreshTokenHash(text).equals(hash)) ?? null;

/** Takes a token apart, or null when it is none of ours. */
export function readRefreshToken(text: string, keys: RefreshTokenKeys): RefreshToken | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== headBytes + tagBytes || bytes.toString('base64url') !== text) return null;
  const head = bytes.subarray(0, headBytes);
  const tag = bytes.subarray(headBytes);
  if (!keys.some((key) => timingSafeEqual(tag, tagOf(head, key)))) return null;
  return {
    text,
    sessionId: UUID.ofInner(head.subarray(0, idBytes)).toString(),
    generation: head.readUInt32BE(idBytes),
  };
}

/** What is stored of a refresh token. A fast hash is enough for a secret of this length. */
export const refreshTokenHash = (text: string): Buffer => createHash('sha256').update(text).digest();

function madeBy(key: Buffer, { text, sessionId, generation }: RefreshToken): RefreshToken {
  const secret = Buffer.from(text, 'base64url').subarray(idBytes + 4, headBytes);
  return tokenOf(sessionId, generation + 1, mac(key, 'next', secret), key);
}

const keyFrom = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'lathe refresh token', 32));

function tokenOf(sessionId: string, generation: number, secret: Buffer, key: Buffer): RefreshToken {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(generation);
  const head = Buffer.concat([UUID.parse(sessionId).bytes, number, secret]);
  return { text: Buffer.concat([head, tagOf(head, key)]).toString('base64url'), sessionId, generation };
}

const tagOf = (head: Buffer, key: Buffer): Buffer => mac(key, 'tag', head).subarray(0, tagBytes);

const mac = (key: Buffer, purpose: string, bytes: Buffer): Buffer =>
  createHmac('sha256', key).update(purpose).update(bytes).digest();
