import { outsideServers } from './outside.js';

describe('servers that the environment names', () => {
  it('are none by default, and an empty variable is none', () => {
    expect(outsideServers({ DATABASE_URL: '', S3_ENDPOINT: '', S3_ACCESS_KEY: 'left over' })).toEqual({});
  });

  it('are taken one by one', () => {
    const outside = outsideServers({
      RABBITMQ_URL: 'amqps://me:x@broker/lathe',
      ML_RABBITMQ_URL: 'amqp://me:x@broker/ml',
    });
    expect(outside).toEqual({ brokerUrl: 'amqps://me:x@broker/lathe', workerBrokerUrl: 'amqp://me:x@broker/ml' });
  });

  it('include a store only with its keys', () => {
    const env = { S3_ENDPOINT: 'https://s3.example', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 's' };
    expect(outsideServers(env).objectStore).toEqual({
      endpoint: 'https://s3.example',
      accessKey: 'a',
      secretKey: 's',
      bucket: 'lathe',
    });
    expect(() => outsideServers({ ...env, S3_SECRET_KEY: '' })).toThrow('S3_SECRET_KEY have to be set');
  });

  it.each([
    ['DATABASE_URL', 'db.example:5432'],
    ['DATABASE_URL', 'mysql://me:secret@db'],
    ['RABBITMQ_URL', 'http://me:secret@broker'],
  ])('%s=%s is refused by its name, without its value', (name, value) => {
    expect(() => outsideServers({ [name]: value })).toThrow(new RegExp(`^${name} is not a URL`));
    expect(() => outsideServers({ [name]: value })).not.toThrow(/secret/);
  });
});
