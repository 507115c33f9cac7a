import type { Duplex } from 'node:stream';
import { Client } from 'pg';

/**
 * A connection that is given up when an answer does not come in time. The server ends statements that take too long earlier, so such a
 * silence says that the connection is dead; pg alone would hand it to the next query, and the next, for as long as there are any.
 */
export class ImpatientClient extends Client {
  override query(...query: unknown[]): never {
    const answer = (super.query as (...query: unknown[]) => unknown)(...query);
    if (answer instanceof Promise) answer.catch((error: unknown) => this.giveUpWhenSilent(error));
    return answer as never;
  }

  private giveUpWhenSilent(error: unknown): void {
    if (!(error instanceof Error) || error.message !== 'Query read timeout') return;
    const { stream } = (this as unknown as { connection: { stream: Duplex } }).connection;
    stream.destroy(error);
  }
}
