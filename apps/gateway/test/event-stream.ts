import { once } from 'node:events';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import type { TaskView } from '#contracts';
import type { TestGateway } from './a-gateway.js';

/** One event as it arrived. */
export interface ReceivedEvent {
  id: string;
  event: string;
  task: TaskView;
}

/** A client of server-sent events that takes them as they are, line by line. */
export class EventStream {
  readonly events: ReceivedEvent[] = [];
  readonly ended: Promise<void>;
  text = '';
  private unread = '';

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (chunk: string) => this.take(chunk));
    response.on('error', () => {}); // broken off
    this.ended = new Promise((resolve) => response.once('close', resolve));
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventStream> {
    const request = httpGet(url, { headers, agent: new Agent({ keepAlive: true }) }); // as browsers do
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new EventStream(response);
  }

  /** The stream of a task for the account of the test, from its gateway unless another address is given. */
  static of(
    { url, bearer }: TestGateway,
    taskId: string,
    headers: Record<string, string> = {},
    otherUrl = url,
  ): Promise<EventStream> {
    return EventStream.open(`${otherUrl}/generate/${taskId}/events`, { authorization: bearer, ...headers });
  }

  get ids(): number[] {
    return this.events.map(({ id }) => Number(id));
  }

  get comments(): number {
    return this.text.split('\n').filter((line) => line.startsWith(':')).length;
  }

  /** As a browser does that is closed. */
  leave(): void {
    this.response.destroy();
  }

  private take(chunk: string): void {
    this.text += chunk;
    const frames = (this.unread + chunk).split('\n\n');
    this.unread = frames.pop()!;
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/, 2)));
      if ('data' in fields) this.events.push({ id: fields.id, event: fields.event, task: JSON.parse(fields.data) });
    }
  }
}
