import { hash, parseOptions, verify } from '@node-rs/argon2';
import { hashParameters, isOutdated, unmatchableHash } from './password-hash.js';

describe('a password hash', () => {
  it('is argon2id with the parameters of OWASP', async () => {
    expect(await hash('a good password', hashParameters)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('for an unknown address costs what a real one costs, and never matches', async () => {
    const nobody = unmatchableHash();
    expect(parseOptions(nobody)).toEqual(parseOptions(await hash('a good password', hashParameters)));
    expect(await verify(nobody, 'a good password')).toBe(false);
  });

  it.each([
    ['less memory', { memoryCost: 4096 }, true],
    ['fewer passes', { timeCost: 1 }, true],
    ['the parameters of today', {}, false],
    ['more memory and passes', { memoryCost: 20_000, timeCost: 3 }, false],
  ])('with %s is outdated: %j', async (_, about, outdated) => {
    expect(isOutdated(await hash('a good password', { ...hashParameters, ...about }))).toBe(outdated);
  });

  it.each(['$2b$10$abcdefghijklmnopqrstuv', unmatchableHash().replace('argon2id', 'argon2i')])(
    'of another kind is outdated (%#)',
    (stored) => expect(isOutdated(stored)).toBe(true),
  );
});
