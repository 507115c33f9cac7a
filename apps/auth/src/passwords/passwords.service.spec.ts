import { AuthConfig } from '../auth.config.js';
import { PasswordsService } from './passwords.service.js';

const passwordsWith = (about: Partial<AuthConfig> = {}) => new PasswordsService(Object.assign(new AuthConfig(), about));

describe('passwords', () => {
  it('match only exactly as they were given', async () => {
    const passwords = passwordsWith();
    const stored = await passwords.hash(' Пароль\u0301 🔑 ');
    expect(await passwords.matches(' Пароль\u0301 🔑 ', stored)).toBe(true);
    for (const other of ['Пароль\u0301 🔑', ' пароль\u0301 🔑 ', ' Пароль 🔑 ']) {
      expect(await passwords.matches(other, stored)).toBe(false);
    }
  });

  it('never match where there is no account', async () => {
    expect(await passwordsWith().matches('a good password', undefined)).toBe(false);
  });

  it('are refused for now, with the time to come back, when too many are waiting', async () => {
    const passwords = passwordsWith({ PASSWORD_HASHES_AT_ONCE: 1, PASSWORD_HASHES_WAITING: 2 });
    const rush = await Promise.allSettled(Array.from({ length: 10 }, () => passwords.hash('a good password')));
    const refusals = rush.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals).toHaveLength(7);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: 'service_unavailable', details: { retryAfter: 2 } });
    }
    expect(await passwords.matches('a good password', await passwords.hash('a good password'))).toBe(true);
  });

  it('that are weak are refused where they are in the request', () => {
    const owner = { email: 'ada@example.org', displayName: null };
    const refusal = (passwords: PasswordsService, password: string) => () =>
      passwords.accept(password, owner, '/new_password');
    const errors = [{ pointer: '/new_password', message: 'new_password must be at least 15 characters long' }];
    expect(refusal(passwordsWith({ PASSWORD_MIN_LENGTH: 15 }), 'fourteen chars')).toThrow(
      expect.objectContaining({ code: 'invalid_parameters', details: { errors } }),
    );
    expect(refusal(passwordsWith(), 'Password1')).toThrow(expect.objectContaining({ code: 'invalid_parameters' }));
    expect(refusal(passwordsWith(), 'fourteen chars')).not.toThrow();
  });
});
