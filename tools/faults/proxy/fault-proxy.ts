import { createServer, type Server } from 'node:net';
import type { Disturbance, ProxyTarget } from './disturbance.js';
import { ProxiedLink } from './proxied-link.js';

const undisturbed: Disturbance = { latencyMs: 0, bytesPerSecond: 0, halfOpen: false, refuse: false };

/** A TCP proxy on a loopback port that does to its connections what bad networks do. */
export class FaultProxy {
  private readonly links = new Set<ProxiedLink>();
  private readonly disturbance: Disturbance = { ...undisturbed };
  private readonly server: Server;

  private constructor(private readonly target: ProxyTarget) {
    // half open on purpose: an end is passed on after the bytes before it, which may be late
    this.server = createServer({ allowHalfOpen: true }, (client) => {
      if (this.disturbance.refuse) {
        client.resetAndDestroy();
        return;
      }
      const link = new ProxiedLink(client, this.target, this.disturbance);
      this.links.add(link);
      void link.closed.then(() => this.links.delete(link));
    });
  }

  static async open(target: ProxyTarget): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve, reject) => {
      proxy.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  get connections(): number {
    return this.links.size;
  }

  /** From now on, for the connections that there are and for new ones. */
  disturb(how: Partial<Disturbance>): void {
    Object.assign(this.disturbance, how);
  }

  heal(): void {
    Object.assign(this.disturbance, undisturbed);
  }

  /** Ends every connection by a reset in both directions. */
  resetAll(): void {
    for (const link of this.links) link.reset();
  }

  async close(): Promise<void> {
    this.resetAll();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }
}
