import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disturbance, ProxyTarget } from './disturbance.js';

/** Read ahead of the other side by at most so many bytes. */
const mostOnTheWay = 1024 * 1024;

/** One connection through the proxy: two sockets and the bytes on their way between them. */
export class ProxiedLink {
  /** When neither socket is open any more. */
  readonly closed: Promise<void>;
  private readonly server: Socket;
  /** Bytes have vanished: what follows them would make no sense, so nothing does. */
  private isDead = false;

  constructor(
    private readonly client: Socket,
    target: ProxyTarget,
    private readonly disturbance: Readonly<Disturbance>,
  ) {
    this.server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.closed = Promise.all([isClosed(client), isClosed(this.server)]).then(() => undefined);
    client.setNoDelay();
    this.carry(client, this.server);
    this.carry(this.server, client);
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private carry(from: Socket, to: Socket): void {
    let before: Promise<void> = Promise.resolve();
    let onTheWay = 0;
    from.on('data', (bytes: Buffer) => {
      if (this.vanishes()) return;
      onTheWay += bytes.length;
      if (onTheWay > mostOnTheWay) from.pause();
      const dueAt = performance.now() + this.disturbance.latencyMs;
      const delivered = async (sent: Promise<void>): Promise<void> => {
        await sent;
        await this.deliver(bytes, to, dueAt);
        onTheWay -= bytes.length;
        from.resume();
      };
      before = delivered(before);
    });
    from.on('end', () => {
      if (!this.vanishes()) before = before.then(() => this.end(to));
    });
    from.on('error', () => {
      if (!this.vanishes()) to.resetAndDestroy();
    });
  }

  private vanishes(): boolean {
    this.isDead ||= this.disturbance.halfOpen;
    return this.isDead;
  }

  private async deliver(bytes: Buffer, to: Socket, dueAt: number): Promise<void> {
    await delay(Math.max(0, dueAt - performance.now()));
    const { bytesPerSecond } = this.disturbance;
    if (bytesPerSecond > 0) await delay((bytes.length / bytesPerSecond) * 1000);
    if (this.vanishes() || !to.writable || to.write(bytes)) return;
    await Promise.race([new Promise((resolve) => to.once('drain', resolve)), isClosed(to)]);
  }

  private end(to: Socket): void {
    if (!this.vanishes()) to.end();
  }
}

const isClosed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
