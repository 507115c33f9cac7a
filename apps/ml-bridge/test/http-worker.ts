import { exactJob, type Job, type WorkerEvent } from '#worker-contract';

export interface Answer {
  status: number;
  type: string | null;
  retryAfter: string | null;
  body: unknown;
}

/** A worker that comes over HTTP and does only what the test says. */
export class HttpWorker {
  constructor(
    private readonly url: () => string | null,
    private readonly token: string,
    readonly id: string,
  ) {}

  /** The job, or null when there was none (204). */
  async lease(waitSeconds: number, signal?: AbortSignal): Promise<Job | null> {
    const response = await this.send('/worker/lease', this.poll(waitSeconds), signal);
    if (response.status === 204) return null;
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the lease was answered ${response.status}: ${text}`);
    return exactJob(text);
  }

  poll(waitSeconds?: number): object {
    return { worker_id: this.id, wait_seconds: waitSeconds };
  }

  report(event: WorkerEvent): Promise<Answer> {
    return this.ask('/worker/events', { ...event, worker_id: this.id });
  }

  async ask(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.send(path, body, undefined, headers);
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      retryAfter: response.headers.get('retry-after'),
      body: text === '' ? null : (JSON.parse(text) as unknown),
    };
  }

  private send(
    path: string,
    body: unknown,
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.url()}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  }
}
