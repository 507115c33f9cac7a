import { createServer, type AddressInfo } from 'node:net';
import { addressOf, engineCount, gatewayPlace } from './gateway-place.js';

describe('the place of the API', () => {
  it('that is taken is a problem that offers the next port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(gatewayPlace({ PORT: String(port) })).rejects.toThrow(
      new RegExp(`Port ${port} on 127.0.0.1 cannot be used[\\s\\S]*PORT=${port + 1} npm start`),
    );
    await new Promise((resolve) => server.close(resolve));
    expect(await gatewayPlace({ PORT: String(port) })).toEqual({ host: '127.0.0.1', port });
  });

  it('is any free port when PORT is 0', async () => {
    const { port } = await gatewayPlace({ PORT: '0' });
    expect(port).toBeGreaterThan(1024);
  });

  it.each(['abc', '-1', '70000', '3000.5'])('cannot be PORT=%s', async (PORT) => {
    await expect(gatewayPlace({ PORT })).rejects.toThrow('PORT must be a whole number from 0 to 65535');
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://127.0.0.1:3000'],
    ['::1', 'http://[::1]:3000'],
    ['lathe.example', 'http://lathe.example:3000'],
  ])('%s is reached at %s', (host, address) => {
    expect(addressOf({ host, port: 3000 })).toBe(address);
  });
});

describe('the number of engines', () => {
  it('is one unless told, and may be none', () => {
    expect([engineCount({}), engineCount({ ENGINE_PROCESSES: '0' }), engineCount({ ENGINE_PROCESSES: '3' })]).toEqual([
      1, 0, 3,
    ]);
    expect(() => engineCount({ ENGINE_PROCESSES: 'many' })).toThrow('ENGINE_PROCESSES must be a whole number');
  });
});
