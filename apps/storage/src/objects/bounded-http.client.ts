import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';

/** How long a call may take in all, and how long nothing at all may move on its connection. */
export interface Limits {
  totalMs: number;
  silenceMs: number;
}

interface Running {
  signal: AbortSignal;
  silenceMs: number;
}

/** Statuses whose answer the minio client throws away unread, which would keep the connection for ever. */
const unreadStatuses = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

/** Node's HTTP client for one host, with a bound on connections and, inside `within`, on time. Late requests are torn down. */
export class BoundedHttp {
  readonly agent: http.Agent;
  private readonly running = new AsyncLocalStorage<Running>();
  private readonly origin: typeof http | typeof https;

  constructor({ secure, maxSockets }: { secure: boolean; maxSockets: number }) {
    this.origin = secure ? https : http;
    this.agent = new this.origin.Agent({ keepAlive: true, maxSockets });
  }

  /** Every request that `work` makes, and every answer it reads, ends within the limits. */
  within<T>({ totalMs, silenceMs }: Limits, work: () => Promise<T>): Promise<T> {
    return this.running.run({ signal: AbortSignal.timeout(totalMs), silenceMs }, work);
  }

  /** `http.request` as the minio client calls it. */
  readonly request = (
    options: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const { signal, silenceMs } = this.running.getStore() ?? { signal: undefined, silenceMs: 0 };
    const request = this.origin.request(
      { ...options, timeout: silenceMs, ...(signal ? { signal } : {}) },
      (response) => {
        if (unreadStatuses.has(response.statusCode ?? 0)) response.resume();
        onResponse(response);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`nothing moved for ${silenceMs} ms`)));
    return request;
  };

  close(): void {
    this.agent.destroy();
  }
}
