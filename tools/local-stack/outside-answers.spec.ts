import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { outsideServers } from './outside.js';
import { requireOutsideAnswers } from './outside-answers.js';

describe('a server from outside', () => {
  it('that takes connections is used', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const outside = outsideServers({ DATABASE_URL: `postgres://me:hidden@127.0.0.1:${port}/x` });
    await expect(requireOutsideAnswers(outside)).resolves.toBeUndefined();
    server.close();
    await once(server, 'close');
  });

  it.each([
    ['DATABASE_URL', 'postgres://me:hidden@127.0.0.1:1/x'],
    ['RABBITMQ_URL', 'amqp://me:hidden@127.0.0.1:1/lathe'],
    ['ML_RABBITMQ_URL', 'amqp://me:hidden@127.0.0.1:1/ml'],
    ['S3_ENDPOINT', 'http://127.0.0.1:1'],
  ])('that %s names and that is not there is told before anything starts, without its password', async (name, url) => {
    const outside = outsideServers({ [name]: url, S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'hidden' });
    const told = await requireOutsideAnswers(outside).catch((error: Error) => error.message);
    expect(told).toMatch(new RegExp(`^${name} names 127.0.0.1:1, where no server takes connections .ECONNREFUSED.`));
    expect(told).not.toContain('hidden');
  });

  it('on an IPv6 address is tried there', async () => {
    const outside = outsideServers({ DATABASE_URL: 'postgres://me:x@[::1]:1/x' });
    await expect(requireOutsideAnswers(outside)).rejects.toThrow('[::1]:1');
  });
});
