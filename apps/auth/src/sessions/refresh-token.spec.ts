import { uuidv7 } from 'uuidv7';
import {
  firstRefreshToken,
  readRefreshToken,
  refreshTokenHash,
  refreshTokenKeys,
  type RefreshToken,
  successorOf,
  successorWith,
} from './refresh-token.js';

const keys = refreshTokenKeys(['the secret of the auth service']);
const other = refreshTokenKeys(['another secret']);
const sessionId = uuidv7();
const chain = (length: number): RefreshToken[] => {
  const tokens = [firstRefreshToken(sessionId, keys)];
  while (tokens.length < length) tokens.push(successorOf(tokens.at(-1)!, keys));
  return tokens;
};

describe('a refresh token', () => {
  it('is opaque text that knows its session and generation', () => {
    const tokens = chain(3);
    for (const [generation, token] of tokens.entries()) {
      expect(token.text).toMatch(/^[\w-]{91}$/);
      expect(readRefreshToken(token.text, keys)).toEqual({ text: token.text, sessionId, generation });
    }
    expect(new Set(tokens.map(({ text }) => text)).size).toBe(3);
  });

  it('is another one at each log-in, even of one session', () => {
    expect(firstRefreshToken(sessionId, keys).text).not.toBe(firstRefreshToken(sessionId, keys).text);
  });

  it('has one successor, that only the holder of our key can find', () => {
    const [token] = chain(1);
    expect(successorOf(token!, keys)).toEqual(successorOf(token!, keys));
    expect(successorOf(token!, other).text).not.toBe(successorOf(token!, keys).text);
  });

  it('is none of ours after any change of a single character', () => {
    const { text } = chain(1)[0]!;
    for (let at = 0; at < text.length; at++) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(readRefreshToken(changed, keys)).toBeNull();
    }
  });

  it.each(['', 'x', 'never given', 'A'.repeat(91), `${'A'.repeat(90)}é`, 'A'.repeat(512)])('is not %j', (text) => {
    expect(readRefreshToken(text, keys)).toBeNull();
  });

  it('of another secret is none of ours', () => {
    expect(readRefreshToken(chain(1)[0]!.text, other)).toBeNull();
  });

  describe('while the secret is being changed', () => {
    const both = refreshTokenKeys(['another secret', 'the secret of the auth service']);

    it('is known whichever of the two made it', () => {
      const [old, young] = [firstRefreshToken(sessionId, keys), firstRefreshToken(sessionId, both)];
      expect([old, young].map(({ text }) => readRefreshToken(text, both))).toEqual([old, young]);
      expect(readRefreshToken(young.text, other)).toEqual(young);
      expect(readRefreshToken(young.text, keys)).toBeNull();
    });

    it('is exchanged for one of the new secret, unless it was for one of the old', () => {
      const [token] = chain(1) as [RefreshToken];
      const [given, next] = [successorOf(token, keys), successorOf(token, both)];
      expect(readRefreshToken(next.text, other)).toEqual(next);
      expect(successorWith(refreshTokenHash(given.text), token, both)).toEqual(given);
      expect(successorWith(refreshTokenHash(next.text), token, both)).toEqual(next);
      expect(successorWith(refreshTokenHash(next.text), token, keys)).toBeNull();
    });
  });

  it('is stored as its SHA-256 (test vector of FIPS 180-4)', () => {
    expect(refreshTokenHash('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
