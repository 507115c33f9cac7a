import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { corsHeaders, preflight } from './http/cors.js';
import type { Reply } from './operations/exchange.js';
import { uploadForm } from './operations/form-upload.js';
import { findOperation } from './operations/routes.js';
import { requestBody } from './body/request-body.js';
import { refusal, sendReply } from './http/replies.js';
import { authenticate, type Credentials } from './signing/authentication.js';
import { BucketStore } from './store/bucket-store.js';
import { parseTarget } from './uri.js';

/** How the store is run. */
export interface S3ServerOptions extends Credentials {
  /** The folder everything is kept in; made when it is missing. */
  dir: string;
  /** Origins whose scripts may call the store from a browser; `*` means all. Default: none. */
  corsOrigins?: readonly string[];
  /** Flush every write to the disk: safe against the loss of power, not only of the process. Default: false. */
  powerSafe?: boolean;
  /** Told about every error that is not a refusal. Default: the console. */
  report?: (error: unknown) => void;
}

const healthPaths = ['/_health', '/minio/health/live', '/minio/health/ready'];
const sweepEveryMs = 3_600_000;
/** A connection on which nothing moves for so long is cut: an upload whose sender vanished must end. */
const silenceMs = 5 * 60_000;
const closeGraceMs = 3_000;

/**
 * A small, durable store that speaks the part of the S3 API our services use, for development and tests: one process,
 * one account, path-style addresses. What it does not offer it refuses with NotImplemented.
 */
export class S3Server {
  readonly #server: Server;
  readonly #sweeper: NodeJS.Timeout;

  private constructor(
    private readonly store: BucketStore,
    private readonly options: S3ServerOptions,
  ) {
    const limits = { keepAliveTimeout: 30_000, headersTimeout: 60_000, requestTimeout: 0 };
    this.#server = createServer(limits, (request, response) => void this.#handle(request, response));
    this.#server.setTimeout(silenceMs);
    this.#sweeper = setInterval(() => void this.#sweep(), sweepEveryMs).unref();
  }

  /** Opens the folder, repairs what a crash left and removes what is over. Throws for empty credentials, a foreign folder. */
  static async open(options: S3ServerOptions): Promise<S3Server> {
    if (!options.accessKey || !options.secretKey) throw new Error('The S3 store needs an access key and a secret key');
    const store = await BucketStore.open(options.dir, options.powerSafe ?? false);
    await store.sweep(Date.now());
    return new S3Server(store, options);
  }

  /** Starts to serve and returns the port; 0 picks a free one. Only this machine can connect unless a host is given. */
  listen(port = 0, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Finishes the requests in progress, at most three seconds long, and lets go of the folder. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const impatience = setTimeout(() => this.#server.closeAllConnections(), closeGraceMs);
    await closed;
    clearTimeout(impatience);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      for (const [name, value] of corsHeaders(request, this.options.corsOrigins)) response.setHeader(name, value);
      const reply = await this.#answer(request).catch((error: unknown) => refusal(error, request, this.#report));
      await sendReply(reply, request, response);
    } catch (error) {
      this.#report(error);
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    const { method = '', url = '', headers } = request;
    if (method === 'OPTIONS') return preflight(request, this.options.corsOrigins);
    const target = parseTarget(url);
    if (healthPaths.includes(target.path)) {
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"ok"}' };
    }
    const { bucket, key } = target;
    const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    const contentType = headers['content-type'] ?? '';
    if (method === 'POST' && !key && /^multipart\/form-data\b/i.test(contentType)) {
      return uploadForm(this.store, this.options, { bucket, contentType, body }, Date.now());
    }
    const authenticated = authenticate({ method, target, headers }, this.options, Date.now());
    const query = new Map(target.query);
    const asked = { method, headers, bucket, key, query, body: () => requestBody(body, headers, authenticated) };
    return findOperation(asked)(this.store, asked);
  }

  async #sweep(): Promise<void> {
    await this.store.sweep(Date.now()).catch(this.#report);
  }

  readonly #report = (error: unknown): void => {
    if (this.options.report) this.options.report(error);
    else console.error(error);
  };
}
