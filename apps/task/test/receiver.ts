import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** A webhook as it arrived. */
export interface Arrival {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Answer = (answer: ServerResponse, arrival: Arrival) => void;

export const answers =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (answer) =>
    void answer.writeHead(status, headers).end();

/** Never says anything. */
export const silence: Answer = () => undefined;

/** Somebody's server on an address of this machine, which takes webhooks and answers as the test says: 204 unless told. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** Connections that were made, whatever came over them. */
  connections = 0;
  answer: Answer = answers(204);
  private readonly server: Server;

  constructor(private readonly host = '127.0.0.1') {
    this.server = createServer((request, response) => void this.take(request, response));
    this.server.on('connection', () => (this.connections += 1));
  }

  async start(): Promise<this> {
    this.server.listen(0, this.host);
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  urlOf(path: string): string {
    return `http://${this.host}:${this.port}${path}`;
  }

  at(path: string): Arrival[] {
    return this.arrivals.filter((arrival) => arrival.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrival = { path: request.url!, headers: request.headers, body: await text(request) };
    this.arrivals.push(arrival);
    this.answer(response, arrival);
  }
}

/** What a webhook says, checked as its receivers check it. Throws when the secret did not sign it. */
export const verified = ({ headers, body }: Arrival, secret: string): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
