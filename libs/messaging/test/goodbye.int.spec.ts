import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { freshBroker, type FreshBroker } from '#testing';
import { RpcClient } from '../src/index.js';

/** A wire to the broker that can fall silent, as a host that vanishes does. */
class Wire {
  private readonly sockets: Socket[] = [];
  private readonly server: Server;

  constructor(private readonly broker: URL) {
    this.server = createServer((client) => {
      const upstream = connect(Number(broker.port), broker.hostname);
      this.sockets.push(client, upstream);
      for (const socket of [client, upstream]) socket.on('error', () => {});
      client.pipe(upstream).pipe(client);
    });
  }

  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(this.broker.href);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  fallSilent(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}

describe('saying goodbye to a broker', () => {
  let broker: FreshBroker;
  beforeAll(async () => {
    broker = await freshBroker();
  });
  afterAll(() => broker.drop());

  it.each(['falls silent', 'is cut off'])('ends although it %s meanwhile', async (how) => {
    const wire = new Wire(new URL(broker.url));
    const client = new RpcClient({ url: await wire.open(), name: 'goodbye' });
    await client.open();
    wire.fallSilent();
    const begun = performance.now();
    const closed = client.close();
    if (how === 'is cut off') wire.cut();
    await closed;
    expect(performance.now() - begun).toBeLessThan(15_000);
    wire.close();
  });
});
