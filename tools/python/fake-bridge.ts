import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Job } from '#worker-contract';

export const token = 'a-token-of-the-test';

/** The bridge as a worker over HTTP sees it, without the bridge: it hands out what it is given and keeps every event as it came. */
export class FakeBridge {
  readonly events: string[] = [];
  private readonly jobs: Job[] = [];
  private readonly canceled = new Set<string>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  hand(job: Job): void {
    this.jobs.push(job);
  }

  cancel(taskId: string): void {
    this.canceled.add(taskId);
  }

  /** The events of a task by their types, in the order they came. */
  typesOf(taskId: string): string[] {
    return this.events
      .map((event) => JSON.parse(event) as { task_id: string; type: string })
      .filter(({ task_id }) => task_id === taskId)
      .map(({ type }) => type);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'PUT') {
      request.resume().on('end', () => response.end());
    } else if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end();
    } else if (request.url === '/worker/lease') {
      request.resume();
      this.lease(response);
    } else {
      const event = (await json(request)) as { task_id: string };
      this.events.push(JSON.stringify(event));
      const answer = this.canceled.has(event.task_id) ? { cancel: 'user' } : { ok: true };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  }

  /** Waits a little, as the bridge does. */
  private lease(response: ServerResponse, polls = 40): void {
    const job = this.jobs.shift();
    if (job) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(job));
    else if (polls === 0 || response.destroyed) response.writeHead(204).end();
    else setTimeout(() => this.lease(response, polls - 1), 25);
  }
}
