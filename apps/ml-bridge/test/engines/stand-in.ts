import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request that a stand-in heard. */
export interface Heard {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Aborts when the client does not wait for the answer any more. */
  gone: AbortSignal;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, unless there is a body. */
  json?: unknown;
  body?: Uint8Array | string;
}

/**
 * What happens instead of an answer: `hang` there is none, `drop` the connection ends before the request is obeyed, `lose` after it,
 * `cut` in the middle of the answer. A reply is sent as it is, and the request not obeyed.
 */
export type Trap = 'hang' | 'drop' | 'lose' | 'cut' | Reply;

export const jsonOf = ({ body }: Pick<Heard, 'body'>): Record<string, unknown> =>
  JSON.parse(body.toString()) as Record<string, unknown>;

/** The fields of a multipart form; files as `File`. */
export const formOf = ({ body, headers }: Heard): Promise<FormData> =>
  new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();

/** A server on a free port of the loopback that answers as the one it stands for, remembers what it heard, and can be made to fail. */
export abstract class StandInServer {
  readonly heard: Heard[] = [];
  private readonly traps: { match: RegExp; trap: Trap; times: number }[] = [];
  private server: Server | null = null;
  private port = 0;

  /** Obeys a request. */
  protected abstract answer(heard: Heard): Reply | Promise<Reply>;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens; after a `stop` at the same address as before. */
  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      this.take(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Ends at once, with everything that hangs on it. */
  async stop(): Promise<void> {
    if (!this.server) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    this.server = null;
    await closed;
  }

  /** Lets the next requests, as in `/^POST \/send/`, step into a trap; for ever unless told how often. */
  trap(match: RegExp, trap: Trap, times = Number.MAX_SAFE_INTEGER): this {
    this.traps.push({ match, trap, times });
    return this;
  }

  /** Forgets the traps and what was heard. */
  reset(): void {
    this.traps.length = 0;
    this.heard.length = 0;
  }

  /** The requests of this kind so far. */
  heardOf(match: RegExp): Heard[] {
    return this.heard.filter(({ method, path }) => match.test(`${method} ${path}`));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', this.url);
    const { method = 'GET', headers } = request;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const heard: Heard = { method, path, query, headers, body: await buffer(request), gone: gone.signal };
    this.heard.push(heard);
    const trap = this.trapFor(`${method} ${path}`);
    if (trap === 'hang') return;
    if (trap === 'drop') return void response.destroy();
    if (trap !== null && typeof trap === 'object') return send(response, trap);
    const reply = await this.answer(heard);
    if (trap === 'lose') return void response.destroy();
    if (trap === 'cut') return cut(response, reply);
    send(response, reply);
  }

  private trapFor(line: string): Trap | null {
    const found = this.traps.find(({ match, times }) => times > 0 && match.test(line));
    if (!found) return null;
    found.times--;
    return found.trap;
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const type = reply.json === undefined ? 'application/octet-stream' : 'application/json';
  response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers });
  response.end(bodyOf(reply));
}

/** Promises the whole body and sends the first half. */
function cut(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(bodyOf(reply));
  response.writeHead(reply.status ?? 200, { 'content-length': body.length, ...reply.headers });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

const bodyOf = ({ body, json }: Reply): Uint8Array | string => body ?? (json === undefined ? '' : JSON.stringify(json));
