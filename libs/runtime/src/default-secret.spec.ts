import { randomBytes, randomUUID } from 'node:crypto';
import { isDefaultSecret } from './default-secret.js';

describe('a secret', () => {
  it.each([
    'guest',
    'postgres',
    'password',
    'Passw0rd',
    'p@ssword',
    'password123',
    'changeme',
    'change-me',
    'CHANGE_ME',
    'changeme'.repeat(4),
    'changemechangemechangemechangem',
    'change-me-change-me-change-me-change-me',
    'change me in production, please!',
    'your-super-secret-jwt-key-of-at-least-32-characters',
    'secret',
    'minioadmin',
    'admin',
    'root',
    'test',
    'lathe',
    'lathe_auth',
    'ml-bridge',
    'thirty-two characters of secret!',
    'x',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '00000000000000000000000000000000',
    'abcdabcdabcdabcdabcdabcdabcdabcd',
    '1234567890',
    '12345678901234567890123456789012',
    '0123456789',
    '9876543210',
    '',
  ])('like %j is a default', (secret) => {
    expect(isDefaultSecret(secret)).toBe(true);
  });

  it('that is the name of its user is a default', () => {
    expect(isDefaultSecret('Kx3vQ9', 'kx3vq9')).toBe(true);
    expect(isDefaultSecret('Kx3vQ9', 'somebody')).toBe(false);
  });

  it.each([
    '8261947305a192846501',
    '48151623424815162342108',
    'correct horse battery staple',
    'my cat ate the turbine twice',
    'lathe-7f3c9e1b52d84a60',
    'dbadcafe01e7f9ab',
  ])('like %j is none', (secret) => {
    expect(isDefaultSecret(secret)).toBe(false);
  });

  it('at random never is', () => {
    for (let time = 0; time < 2000; time++) {
      for (const encoding of ['hex', 'base64url', 'base64'] as const) {
        expect(isDefaultSecret(randomBytes(9).toString(encoding))).toBe(false);
      }
      expect(isDefaultSecret(randomUUID())).toBe(false);
    }
  });
});
