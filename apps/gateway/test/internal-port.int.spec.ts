import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Departure } from '#runtime';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';

let gateway: TestGateway;
let inside: string;

beforeAll(async () => {
  const port = await freePort();
  inside = `http://127.0.0.1:${port}`;
  gateway = await aGateway({ INTERNAL_PORT: String(port), HOST: '127.0.0.1' });
}, 60_000);
afterAll(() => gateway.stop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const answer = async (path: string): Promise<[number, string]> => {
  const response = await fetch(inside + path);
  return [response.status, await response.text()];
};

describe('the port for operators', () => {
  it('tells of the health, and of what is measured, which the public port does not', async () => {
    expect(await answer('/health/live')).toEqual([200, expect.stringContaining('"ok"')]);
    expect(await answer('/health/ready')).toEqual([200, expect.stringContaining('"key_set"')]);
    expect(await answer('/metrics')).toEqual([
      200,
      expect.stringContaining('lathe_dependency_up{dependency="broker"} 1'),
    ]);
    await gateway.http.get('/metrics').expect(404);
  });

  it('has nothing of the API', async () => {
    expect(await answer('/models')).toEqual([404, expect.any(String)]);
  });

  it('names what is missing, is there while the gateway leaves, and goes with it', async () => {
    gateway.app.get(Departure).begin();
    expect(await answer('/health/ready')).toEqual([503, expect.stringContaining('"accepting":{"status":"down"}')]);
    expect(await answer('/health/live')).toEqual([200, expect.any(String)]);
    await gateway.app.close();
    await eventually(() => expect(answer('/health/live')).rejects.toThrow('fetch failed'));
  });
});
