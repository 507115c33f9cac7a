import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '#testing';
import { FaultProxy } from './fault-proxy.js';

describe('the fault proxy', () => {
  /** Answers every byte with itself. */
  let echo: Server;
  let proxy: FaultProxy;
  const served: Socket[] = [];
  const clients: Socket[] = [];

  beforeEach(async () => {
    echo = createServer((socket) => {
      served.push(socket);
      socket.on('error', () => undefined).pipe(socket);
    });
    await new Promise<void>((resolve) => {
      echo.listen(0, '127.0.0.1', resolve);
    });
    proxy = await FaultProxy.open({ host: '127.0.0.1', port: (echo.address() as { port: number }).port });
  });

  afterEach(async () => {
    for (const socket of [...clients.splice(0), ...served.splice(0)]) socket.destroy();
    await proxy.close();
    await new Promise((resolve) => {
      echo.close(resolve);
    });
  });

  async function client(): Promise<Socket> {
    const socket = connect(proxy.port, '127.0.0.1');
    clients.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  /** Milliseconds until the answer to so many bytes is there, whole and in order. */
  async function roundTrip(socket: Socket, length = 1000): Promise<number> {
    const sent = Buffer.from(Array.from({ length }, (_, index) => index % 251));
    const received: Buffer[] = [];
    const begun = performance.now();
    await new Promise<void>((resolve) => {
      const onData = (chunk: Buffer): void => {
        received.push(chunk);
        if (Buffer.concat(received).length < length) return;
        socket.off('data', onData);
        resolve();
      };
      socket.on('data', onData).write(sent);
    });
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    return performance.now() - begun;
  }

  it('passes everything on, also more than fits on the way', async () => {
    await roundTrip(await client(), 5_000_000);
    expect(proxy.connections).toBe(1);
  });

  it('passes an end on, after the bytes before it', async () => {
    const socket = await client();
    proxy.disturb({ latencyMs: 50 });
    socket.end('the last words');
    expect(String(await once(socket, 'data'))).toBe('the last words');
    await once(socket, 'end');
    await eventually(() => expect(proxy.connections).toBe(0));
  });

  it('makes bytes late by the latency in each direction, and no longer once healed', async () => {
    const socket = await client();
    proxy.disturb({ latencyMs: 150 });
    expect(await roundTrip(socket)).toBeGreaterThanOrEqual(295);
    proxy.heal();
    const trips: number[] = [];
    while (trips.length < 10) trips.push(await roundTrip(socket));
    expect(Math.min(...trips)).toBeLessThan(150);
  });

  it('lets only so many bytes a second through', async () => {
    const socket = await client();
    proxy.disturb({ bytesPerSecond: 10_000 });
    expect(await roundTrip(socket, 2000)).toBeGreaterThanOrEqual(350);
  });

  it('swallows bytes and ends of a half-open connection for ever, while new ones work once healed', async () => {
    const socket = await client();
    await roundTrip(socket);
    proxy.disturb({ halfOpen: true });
    const events: string[] = [];
    for (const event of ['data', 'end', 'close'] as const) socket.on(event, () => events.push(event));
    socket.write('is anybody there?');
    await delay(50);
    served[0]!.destroy();
    await delay(50);
    proxy.heal();
    socket.write('and now?');
    await delay(50);
    expect(events).toEqual([]);
    await roundTrip(await client());
  });

  it('resets what is connected', async () => {
    const socket = await client();
    await roundTrip(socket);
    const failure = once(socket, 'error');
    proxy.resetAll();
    expect(await failure).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
    await roundTrip(await client());
  });

  it('refuses new connections only', async () => {
    const socket = await client();
    await roundTrip(socket);
    proxy.disturb({ refuse: true });
    const refused = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    expect(await new Promise((resolve) => refused.once('close', resolve))).toBe(true);
    await roundTrip(socket);
    proxy.heal();
    await roundTrip(await client());
  });
});
