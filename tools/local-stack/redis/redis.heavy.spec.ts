import { existsSync } from 'node:fs';
import { createClient } from '@redis/client';
import { describeWith } from '../../debian/describe-with.js';
import { nowhereToBeFound } from './redis.js';
import { type ThrowawayRedis, throwawayRedis } from './throwaway-redis.js';

const fact = async (url: string, write?: string): Promise<string | null> => {
  const client = await createClient({ url, socket: { reconnectStrategy: false } })
    .on('error', () => undefined)
    .connect();
  try {
    if (write !== undefined) await client.set('fact', write);
    return await client.get('fact');
  } finally {
    client.destroy();
  }
};

describeWith(['redis'], 'a Redis for tests', () => {
  let redis: ThrowawayRedis;
  beforeAll(async () => (redis = await throwawayRedis()));
  afterAll(() => redis.stop());

  it('answers who knows the password, and nobody else', async () => {
    expect(await fact(redis.url, 'water is wet')).toBe('water is wet');
    const stranger = new URL(redis.url);
    stranger.password = '';
    await expect(fact(stranger.href)).rejects.toThrow('NOAUTH');
  });

  it('has forgotten everything after a restart, at the same address', async () => {
    await fact(redis.url, 'ice is cold');
    await redis.server.restart();
    expect(await fact(redis.url)).toBeNull();
  });

  it('is gone when it is stopped', async () => {
    const another = await throwawayRedis();
    const { pid } = another.server;
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await another.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});

describe('a Redis that is nowhere', () => {
  it('is a problem that names the reason and the ways out', () => {
    const message = nowhereToBeFound('Redis could not be fetched: no network');
    expect(message).toMatch(/^Redis is not installed, and Redis could not be fetched: no network\.\n/);
    expect(message).toMatch(/apt-get install[^]*brew install/);
  });
});
