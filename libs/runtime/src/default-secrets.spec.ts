import { defaultSecretsIn } from './default-secrets.js';

const good = 'Vb3kQ9xTz7LmWc2Rf8Hn';
const namesIn = (settings: Record<string, string | undefined>): string[] =>
  defaultSecretsIn(settings).map((line) => line.split(' ', 1)[0]!);

describe('the settings of a process', () => {
  it.each([
    { AUTH_SECRET: 'changemechangemechangemechangeme' },
    { S3_SECRET_KEY: 'minioadmin' },
    { TASK_DATABASE_PASSWORD: 'postgres' },
    { DATABASE_URL: 'postgres://lathe_auth:lathe_auth@postgres/lathe' },
    { DATABASE_URL: 'postgres://kx3vq9:KX3VQ9@postgres/lathe' },
    { ADMIN_DATABASE_URL: 'postgresql://postgres:postgres@postgres:5432/postgres' },
    { RABBITMQ_URL: 'amqp://guest:guest@rabbitmq:5672/lathe' },
    { RABBITMQ_URL: 'amqp://rabbitmq:5672/lathe' },
    { ML_RABBITMQ_URL: 'amqps://engine:change%2Dme@rabbitmq/ml' },
    { RABBITMQ_MANAGEMENT_URL: 'http://lathe:pass%@rabbitmq:15672' },
    { WORKER_TOKENS: `gpu:${good},other:change-me-change-me-change-me-please` },
  ])('with %j are refused by name, without the value', (settings) => {
    const [name, value] = Object.entries(settings)[0]!;
    expect(namesIn(settings)).toEqual([name]);
    expect(defaultSecretsIn(settings).join()).not.toContain(value);
  });

  it.each([
    { AUTH_SECRET: good },
    { WORKER_TOKENS: `gpu:${good}\nother:${good}x` },
    { S3_ACCESS_KEY: 'lathe', S3_SECRET_KEY: good },
    { DATABASE_URL: `postgres://lathe_auth:${good}@postgres/lathe` },
    { DATABASE_URL: 'postgres:///lathe?host=/run/postgresql' },
    { S3_ENDPOINT: 'http://s3:9000', S3_BUCKET: 'lathe', DEFAULT_MODEL: 'test', HOST: 'localhost' },
    { S3_SECRET_KEY: undefined, AUTH_SECRET: '' },
  ])('with %j are fine', (settings) => {
    expect(defaultSecretsIn(settings)).toEqual([]);
  });

  it('are refused when a key is the name of its key', () => {
    expect(namesIn({ S3_ACCESS_KEY: good, S3_SECRET_KEY: good })).toEqual(['S3_SECRET_KEY']);
  });
});
