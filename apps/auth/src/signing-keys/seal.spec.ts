import { seal, SealBroken, unseal } from './seal.js';

const secret = 'a secret of at least thirty-two characters';
const plain = Buffer.from('the private key');

describe('a sealed value', () => {
  it('opens with the same secret under the same name', () => {
    expect(unseal(seal(plain, secret, 'kid'), secret, 'kid')).toEqual(plain);
  });

  it('shows nothing of what is inside, and looks different every time', () => {
    const sealed = seal(plain, secret, 'kid');
    expect(sealed.includes(plain)).toBe(false);
    expect(sealed).not.toEqual(seal(plain, secret, 'kid'));
  });

  it.each([
    ['another secret', `${secret}.`, 'kid'],
    ['another name', secret, 'another kid'],
  ])('does not open with %s', (_, otherSecret, otherName) => {
    expect(() => unseal(seal(plain, secret, 'kid'), otherSecret, otherName)).toThrow(SealBroken);
  });

  it('does not open when any one byte was changed, nor when it was cut', () => {
    const sealed = seal(plain, secret, 'kid');
    for (const index of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => unseal(changed, secret, 'kid')).toThrow(SealBroken);
      expect(() => unseal(sealed.subarray(0, index), secret, 'kid')).toThrow(SealBroken);
    }
  });
});
