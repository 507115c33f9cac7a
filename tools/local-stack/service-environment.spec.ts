import { brokerUsers } from '../provision/broker.js';
import type { StackCoordinates } from './local-stack.js';
import { serviceEnvironment } from './service-environment.js';

const stack: StackCoordinates = {
  dataDir: '/data',
  database: {
    adminUrl: 'postgres://admin:admin-secret@db/postgres',
    urls: {
      auth: 'postgres://lathe_auth:auth-db-secret@db/lathe',
      task: 'postgres://lathe_task:task-db-secret@db/lathe',
      storage: 'postgres://lathe_storage:storage-db-secret@db/lathe',
      'ml-bridge': 'postgres://lathe_ml_bridge:ml-bridge-db-secret@db/lathe',
    },
  },
  broker: {
    urls: {
      gateway: 'amqp://gateway:gateway-mq-secret@mq/lathe',
      auth: 'amqp://auth:auth-mq-secret@mq/lathe',
      task: 'amqp://task:task-mq-secret@mq/lathe',
      storage: 'amqp://storage:storage-mq-secret@mq/lathe',
      'ml-bridge': 'amqp://ml-bridge:ml-bridge-mq-secret@mq/lathe',
    },
    workerUrls: {
      'ml-bridge': 'amqp://ml-bridge:ml-bridge-worker-secret@mq/ml',
      engine: 'amqp://engine:engine-worker-secret@mq/ml',
    },
    celeryUrl: 'amqp://celery:ml-bridge-celery-secret@mq/celery',
    admin: { url: 'amqp://admin:admin-secret@mq/%2F', managementUrl: 'http://admin:admin-secret@mq' },
  },
  objectStore: { endpoint: 'http://s3', accessKey: 'lathe', secretKey: 'storage-s3-secret', bucket: 'lathe' },
  authSecret: 'auth-signing-secret',
  webhooksSecret: 'task-webhooks-secret',
};

const environment = (service: (typeof brokerUsers)[number], given: NodeJS.ProcessEnv = {}) =>
  serviceEnvironment(service, stack, { host: '127.0.0.1', port: 3000 }, given);

describe('the environment of a process', () => {
  it.each(brokerUsers)('holds of all secrets only those of %s', (service) => {
    const secrets = Object.values(environment(service)).flatMap((value) => value?.match(/[a-z0-9-]+-secret/g) ?? []);
    expect(secrets).not.toEqual([]);
    expect(secrets.filter((secret) => !secret.startsWith(`${service}-`))).toEqual([]);
  });

  it('never holds a credential that the launcher was given', () => {
    const given = {
      DATABASE_URL: 'postgres://admin:s3cret@db',
      DATABASE_URL_FILE: '/run/s3cret',
      ADMIN_DATABASE_URL: 's3cret',
      RABBITMQ_URL: 's3cret',
      ML_RABBITMQ_URL: 's3cret',
      RABBITMQ_MANAGEMENT_URL: 's3cret',
      S3_SECRET_KEY: 's3cret',
      AUTH_SECRET: 's3cret',
      AUTH_SECRET_FILE: 's3cret',
      WEBHOOKS_SECRET: 's3cret',
      TASK_DATABASE_PASSWORD: 's3cret',
      PGPASSWORD: 's3cret',
      TEST_STACK: 's3cret',
    };
    for (const service of brokerUsers) {
      expect(JSON.stringify(environment(service, given))).not.toContain('s3cret');
    }
  });

  it('gives auth alone the second secret of a change', () => {
    const given = { AUTH_SECRET_PREVIOUS: 's3cret' };
    const readers = brokerUsers.filter((service) => JSON.stringify(environment(service, given)).includes('s3cret'));
    expect(readers).toEqual(['auth']);
  });

  it("gives the bridge alone the broker of Celery's workers: the person's, or that of the stack", () => {
    expect(environment('ml-bridge').CELERY_BROKER_URL).toBe(stack.broker.celeryUrl);
    const given = { CELERY_BROKER_URL: 'redis://:s3cret@r' };
    expect(environment('ml-bridge', given)).toMatchObject(given);
    const file = { CELERY_BROKER_URL_FILE: '/run/s3cret' };
    expect(environment('ml-bridge', file)).toMatchObject(file);
    expect(environment('ml-bridge', file).CELERY_BROKER_URL).toBeUndefined();
    for (const service of brokerUsers.filter((name) => name !== 'ml-bridge')) {
      expect(JSON.stringify([environment(service, given), environment(service, file)])).not.toContain('s3cret');
    }
  });

  it('gives the bridge alone the keys of other engines and the tokens of workers', () => {
    const given = { MESHY_API_KEY: 's3cret', OTHER_BROKER_URL_FILE: '/run/s3cret', WORKER_TOKENS: 'gpu:s3cret' };
    expect(environment('ml-bridge', given)).toMatchObject(given);
    for (const service of brokerUsers.filter((name) => name !== 'ml-bridge')) {
      expect(JSON.stringify(environment(service, given))).not.toContain('s3cret');
    }
  });

  it("passes a person's settings on to every process", () => {
    const given = { UPLOAD_MAX_BYTES: '1000', LOG_LEVEL: 'debug', CORS_ORIGINS: 'https://a.example', PATH: '/bin' };
    expect(environment('engine', given)).toMatchObject(given);
    expect(environment('gateway', given)).toMatchObject(given);
  });

  it('says where to listen, whatever PORT and HOST the launcher has', () => {
    expect(environment('auth', { PORT: '80', HOST: '0.0.0.0' })).toMatchObject({ PORT: '3000', HOST: '127.0.0.1' });
  });

  it('is that of production unless told', () => {
    expect(environment('auth').NODE_ENV).toBe('production');
    expect(environment('auth', { NODE_ENV: 'development' }).NODE_ENV).toBe('development');
  });

  it('of the engine has neither a database nor the services’ broker nor the store', () => {
    expect(Object.keys(environment('engine')).toSorted()).toEqual(['HOST', 'ML_RABBITMQ_URL', 'NODE_ENV', 'PORT']);
  });
});
