import { randomBytes } from 'node:crypto';
import type { RegisterAccount } from '#contracts';

/** A registration that no other test has made; say only what the test is about. */
export const anAccount = (about: Partial<RegisterAccount> = {}): RegisterAccount => ({
  email: `ada-${randomBytes(6).toString('hex')}@example.org`,
  password: `correct horse ${randomBytes(6).toString('hex')}`,
  display_name: 'Ada',
  ...about,
});
