import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: it is passed on, answered with this status, or kept waiting for ever. */
export type Fault = 'none' | 'silence' | number;

/** Stands between the service and its store, and can be told to be in trouble. */
export class StoreProxy {
  /** What becomes of the next request. */
  fault: (request: IncomingMessage) => Fault = () => 'none';
  /** Requests so far. */
  seen = 0;

  private constructor(
    private readonly server: Server,
    private readonly store: URL,
  ) {
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => this.handle(asked, answer));
  }

  static async before(endpoint: string): Promise<StoreProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new StoreProxy(server, new URL(endpoint));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** The Host header stays as it was signed. */
  private handle(asked: IncomingMessage, answer: ServerResponse): void {
    this.seen++;
    const fault = this.fault(asked);
    if (fault === 'silence') return;
    if (fault !== 'none') {
      asked.resume();
      answer.writeHead(fault).end();
      return;
    }
    const { method, url, headers } = asked;
    const { hostname, port } = this.store;
    const passed = request({ hostname, port, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.rawHeaders);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.on('error', () => passed.destroy());
    asked.pipe(passed);
  }
}
