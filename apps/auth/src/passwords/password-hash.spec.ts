import { hash, parseOptions, verify } from '@node-rs/argon2';
import { hashParameters, unmatchableHash } from './password-hash.js';

describe('a password hash', () => {
  it('is argon2id with the parameters of OWASP', async () => {
    expect(await hash('a good password', hashParameters)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('for an unknown address costs what a real one costs, and never matches', async () => {
    const nobody = unmatchableHash();
    expect(parseOptions(nobody)).toEqual(parseOptions(await hash('a good password', hashParameters)));
    expect(await verify(nobody, 'a good password')).toBe(false);
  });
});
