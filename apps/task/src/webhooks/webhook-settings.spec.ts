import { loadConfig } from '#runtime';
import { TaskConfig } from '../task.config.js';

const environment = (about: Record<string, string | undefined> = {}) => ({
  RABBITMQ_URL: 'amqp://task:pw@localhost/lathe',
  DATABASE_URL: 'postgres://task:pw@localhost/lathe',
  WEBHOOKS_SECRET: 'thirty-two characters of secret!',
  ...about,
});

describe('the settings of webhooks', () => {
  it('allow public addresses alone unless told', () => {
    expect(loadConfig(TaskConfig, environment()).WEBHOOK_ALLOWED_NETWORKS).toBe('');
  });

  it.each([undefined, '', 'thirty-one characters of secret'])('refuse the secret %j by name', (WEBHOOKS_SECRET) => {
    expect(() => loadConfig(TaskConfig, environment({ WEBHOOKS_SECRET }))).toThrow(/WEBHOOKS_SECRET/);
  });

  it('never show the secret they refuse', () => {
    const refused = environment({ WEBHOOKS_SECRET: 'too short' });
    expect(() => loadConfig(TaskConfig, refused)).not.toThrow('too short');
  });

  it.each(['10.0.0.0/8', '10.0.0.0/8, fd00::/8'])('take the networks %s', (WEBHOOK_ALLOWED_NETWORKS) => {
    expect(loadConfig(TaskConfig, environment({ WEBHOOK_ALLOWED_NETWORKS }))).toMatchObject({
      WEBHOOK_ALLOWED_NETWORKS,
    });
  });

  it.each(['*', '10.0.0.1', 'intranet', '10.0.0.0/99'])(
    'refuse %s, which is no network',
    (WEBHOOK_ALLOWED_NETWORKS) => {
      expect(() => loadConfig(TaskConfig, environment({ WEBHOOK_ALLOWED_NETWORKS }))).toThrow(
        /WEBHOOK_ALLOWED_NETWORKS/,
      );
    },
  );
});
