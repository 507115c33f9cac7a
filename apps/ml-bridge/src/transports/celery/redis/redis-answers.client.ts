import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { connectionTo, type RedisConnection, startConnecting, waitSeconds } from './redis-connection.client.js';
import { opened } from './redis-envelope.js';

const afterFailureMs = 500;
const forgottenAfterSeconds = 60;

/** Reads what workers answer, in a list of this process's own. */
export class RedisAnswers {
  readonly list = `lathe.answers.${randomUUID()}`;
  private readonly client: RedisConnection;
  private closing = false;
  private reading: Promise<void> | null = null;

  constructor(
    url: string,
    private readonly onAnswer: (ticket: string, body: string) => void,
  ) {
    this.client = connectionTo(url, 'ml-bridge celery answers');
  }

  get isReady(): boolean {
    return this.client.isReady;
  }

  open(): void {
    startConnecting(this.client);
    this.reading ??= this.read();
  }

  async close(): Promise<void> {
    this.closing = true;
    this.client.destroy();
    await this.reading;
  }

  private async read(): Promise<void> {
    while (!this.closing) {
      try {
        const popped = await this.client.brPop(this.list, waitSeconds);
        if (!popped) continue;
        const envelope = opened(popped.element);
        if (envelope) this.onAnswer(String(envelope.headers.ticket), envelope.body);
        await this.client.expire(this.list, forgottenAfterSeconds); // a worker may answer when nobody listens any more
      } catch {
        if (!this.closing) await wait(afterFailureMs);
      }
    }
  }
}
