import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isWellFormedApiKey, newApiKey } from './api-key-format.js';

const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

describe('an API key', () => {
  let drawn = 0;
  const key = newApiKey((limit) => (drawn += 17) % limit);

  it('is recognised, and never the same twice', () => {
    const keys = Array.from({ length: 200 }, () => newApiKey(randomInt));
    expect(keys.every(isWellFormedApiKey)).toBe(true);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('ends with the CRC-32 of the rest, in base62', () => {
    const value = Array.from(key.slice(-6)).reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
    expect(value).toBe(crc32(key.slice(0, 46)));
    expect(newApiKey(() => 0)).toBe(`lathe_${'0'.repeat(40)}${newApiKey(() => 0).slice(-6)}`);
  });

  it('is not recognised with any one character changed', () => {
    for (let at = 0; at < key.length; at++) {
      const other = key[at] === 'x' ? 'y' : 'x';
      expect(isWellFormedApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
    }
  });

  it.each(['', 'lathe_', `${key} `, `${key}\n`, key.slice(1), key.slice(0, -1), `${key}0`, key.toUpperCase()])(
    'is not %j',
    (text) => {
      expect(isWellFormedApiKey(text)).toBe(false);
    },
  );
});
