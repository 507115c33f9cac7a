import { loadConfig } from '#runtime';
import { AuthConfig } from './auth.config.js';

const environment = (about: Record<string, string | undefined> = {}) => ({
  RABBITMQ_URL: 'amqp://auth:pw@localhost/lathe',
  DATABASE_URL: 'postgres://auth:pw@localhost/lathe',
  AUTH_SECRET: 'thirty-two characters of secret!',
  ...about,
});

describe('the settings of auth', () => {
  it('have a default for everything but the secret and the servers', () => {
    expect(loadConfig(AuthConfig, environment())).toMatchObject({
      ACCESS_TOKEN_SECONDS: 900,
      REFRESH_TOKEN_DAYS: 30,
      PASSWORD_HASHES_AT_ONCE: 2,
      PASSWORD_HASHES_WAITING: 64,
    });
  });

  it.each([undefined, '', 'thirty-one characters of secret'])('refuse the secret %j by name', (AUTH_SECRET) => {
    expect(() => loadConfig(AuthConfig, environment({ AUTH_SECRET }))).toThrow(/AUTH_SECRET/);
  });

  it('never show the secret they refuse', () => {
    const refused = environment({ AUTH_SECRET: 'too short' });
    expect(() => loadConfig(AuthConfig, refused)).not.toThrow('too short');
    expect(() => loadConfig(AuthConfig, refused)).toThrow('at least 32 characters');
  });

  it.each(['0', '-1', '1.5', 'soon'])('refuse an access token that lives %s seconds', (seconds) => {
    expect(() => loadConfig(AuthConfig, environment({ ACCESS_TOKEN_SECONDS: seconds }))).toThrow(
      /ACCESS_TOKEN_SECONDS/,
    );
  });
});
