import { ConfigError, loadConfig } from '#runtime';
import { entriesOf, GatewayConfig } from './gateway.config.js';

const configFrom = (settings: Record<string, string>) =>
  loadConfig(GatewayConfig, { RABBITMQ_URL: 'amqp://localhost', ...settings });

describe('the settings of the gateway', () => {
  it('need the broker only', () => {
    expect(configFrom({})).toMatchObject({
      PORT: 3000,
      CORS_ORIGINS: '',
      TRUST_PROXY: '',
      UPLOAD_MAX_BYTES: 20 * 1024 * 1024,
      MAX_DOWNLOADS: 256,
      MAX_DOWNLOADS_PER_ACCOUNT: 32,
      MAX_UPLOADS: 64,
      MAX_UPLOADS_PER_ACCOUNT: 8,
      TRANSFER_IDLE_SECONDS: 60,
      STORE_TIMEOUT_MS: 5000,
      RATE_LIMITS: 'on',
      RATE_LIMIT_PER_ADDRESS: 2400,
      RATE_LIMIT_PER_ACCOUNT: 1200,
      REGISTRATIONS_PER_ADDRESS: 30,
    });
  });

  it('take lists', () => {
    const config = configFrom({
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,fd00::/8',
    });
    expect(entriesOf(config.CORS_ORIGINS)).toEqual(['https://a.example', 'http://localhost:5173']);
    expect(entriesOf(config.TRUST_PROXY)).toEqual(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  });

  it.each([
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['CORS_ORIGINS', 'https://*.example'],
    ['CORS_ORIGINS', 'a.example'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0/0'],
    ['UPLOAD_MAX_BYTES', '0'],
    ['UPLOAD_MAX_BYTES', 'many'],
    ['RATE_LIMITS', 'false'],
    ['RATE_LIMIT_PER_ADDRESS', '0'],
    ['RATE_LIMIT_PER_ACCOUNT', '9'],
    ['REGISTRATIONS_PER_ADDRESS', '0'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(() => configFrom({ [name]: value })).toThrow(ConfigError);
    expect(() => configFrom({ [name]: value })).toThrow(name);
  });
});
