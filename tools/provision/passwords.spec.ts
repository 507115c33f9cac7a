import { passwordsFrom } from './passwords.js';

describe('the passwords for provisioning', () => {
  it('come from one variable per service', () => {
    const env = { AUTH_DATABASE_PASSWORD: 'a', ML_BRIDGE_DATABASE_PASSWORD: 'b' };
    expect(passwordsFrom(env, ['auth', 'ml-bridge'], 'DATABASE_PASSWORD')).toEqual({ auth: 'a', 'ml-bridge': 'b' });
  });

  it('are all asked for at once when they are missing or empty', () => {
    expect(() => passwordsFrom({ TASK_RABBITMQ_PASSWORD: '' }, ['auth', 'task'], 'RABBITMQ_PASSWORD')).toThrow(
      'AUTH_RABBITMQ_PASSWORD, TASK_RABBITMQ_PASSWORD',
    );
  });
});
