import { uuidv7 } from 'uuidv7';
import {
  firstRefreshToken,
  readRefreshToken,
  refreshTokenHash,
  refreshTokenKey,
  type RefreshToken,
  successorOf,
} from './refresh-token.js';

const key = refreshTokenKey('the secret of the auth service');
const sessionId = uuidv7();
const chain = (length: number): RefreshToken[] => {
  const tokens = [firstRefreshToken(sessionId, key)];
  while (tokens.length < length) tokens.push(successorOf(tokens.at(-1)!, key));
  return tokens;
};

describe('a refresh token', () => {
  it('is opaque text that knows its session and generation', () => {
    const tokens = chain(3);
    for (const [generation, token] of tokens.entries()) {
      expect(token.text).toMatch(/^[\w-]{91}$/);
      expect(readRefreshToken(token.text, key)).toEqual({ text: token.text, sessionId, generation });
    }
    expect(new Set(tokens.map(({ text }) => text)).size).toBe(3);
  });

  it('is another one at each log-in, even of one session', () => {
    expect(firstRefreshToken(sessionId, key).text).not.toBe(firstRefreshToken(sessionId, key).text);
  });

  it('has one successor, that only the holder of our key can find', () => {
    const [token] = chain(1);
    expect(successorOf(token!, key)).toEqual(successorOf(token!, key));
    expect(successorOf(token!, refreshTokenKey('another secret')).text).not.toBe(successorOf(token!, key).text);
  });

  it('is none of ours after any change of a single character', () => {
    const { text } = chain(1)[0]!;
    for (let at = 0; at < text.length; at++) {
      const other = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(readRefreshToken(other, key)).toBeNull();
    }
  });

  it.each(['', 'x', 'never given', 'A'.repeat(91), `${'A'.repeat(90)}é`, 'A'.repeat(512)])('is not %j', (text) => {
    expect(readRefreshToken(text, key)).toBeNull();
  });

  it('of another secret is none of ours', () => {
    expect(readRefreshToken(chain(1)[0]!.text, refreshTokenKey('another secret'))).toBeNull();
  });

  it('is stored as its SHA-256 (test vector of FIPS 180-4)', () => {
    expect(refreshTokenHash('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
