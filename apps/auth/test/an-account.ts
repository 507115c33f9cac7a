import { randomBytes } from 'node:crypto';
import type { Client, RegisterAccount } from '#contracts';

/** Somebody at the other end whose network no other test has: wrong passwords are counted by network. */
export const aClient = (about: Partial<Client> = {}): Client => ({
  address: `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`,
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  ...about,
});

/** A registration that no other test has made; say only what the test is about. */
export const anAccount = (about: Partial<RegisterAccount> = {}): RegisterAccount => ({
  email: `ada-${randomBytes(6).toString('hex')}@example.org`,
  password: `correct horse ${randomBytes(6).toString('hex')}`,
  display_name: 'Ada',
  client: aClient(),
  ...about,
});
