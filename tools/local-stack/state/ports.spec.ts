import { createServer, type AddressInfo, type Server } from 'node:net';
import { choosePort, isFree, portRange } from './ports.js';

const listening = (): Promise<{ server: Server; port: number }> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as AddressInfo).port }),
    );
  });

describe('a port for a server', () => {
  it('is the one it had before', async () => {
    const first = await choosePort(undefined, new Set());
    expect(await choosePort(first, new Set())).toBe(first);
  });

  it('is another one when that is taken, or promised to another server', async () => {
    const { server, port } = await listening();
    expect(await isFree(port)).toBe(false);
    expect(await choosePort(port, new Set())).not.toBe(port);
    await new Promise((resolve) => server.close(resolve));
    expect(await choosePort(port, new Set([port]))).not.toBe(port);
  });

  it('lies below the ports of outgoing connections', async () => {
    const port = await choosePort(undefined, new Set());
    expect(port).toBeGreaterThanOrEqual(portRange.from);
    expect(port).toBeLessThan(32_768);
  });
});
