import { createPublicKey, sign, verify } from 'node:crypto';
import { newKeyPair, thumbprint } from './signing-key.js';

describe('a signing key', () => {
  it('is named by its RFC 7638 thumbprint (the key of RFC 9449 §6.1)', () => {
    const x = 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs';
    const y = '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA';
    expect(thumbprint({ x, y })).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
  });

  it('shows the world exactly what a verifier needs', () => {
    const { kid, privateKey, publicKey } = newKeyPair();
    expect(Object.keys(publicKey).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(publicKey).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid });
    const message = Buffer.from('signed');
    const verifier = createPublicKey({ key: { ...publicKey }, format: 'jwk' });
    expect(verify('sha256', message, verifier, sign('sha256', message, privateKey))).toBe(true);
  });

  it('is different every time', () => {
    expect(newKeyPair().kid).not.toBe(newKeyPair().kid);
  });
});
