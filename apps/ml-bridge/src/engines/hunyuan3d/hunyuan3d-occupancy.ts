import { fieldsOf, textOf } from '../../json.js';
import { idOf } from '../answers.js';

/** A job at the server. */
export interface Remote {
  uid: string;
  /** When it was sent, in epoch milliseconds. */
  since: number;
  process: string | null;
}

/** What was remembered of a job; null when that is not one. */
export function remoteOf(remembered: unknown): Remote | null {
  const { uid, since, process } = fieldsOf(remembered);
  const id = idOf(uid);
  return id === undefined || typeof since !== 'number' ? null : { uid: id, since, process: textOf(process) ?? null };
}

/** What may be running on a server that tells neither what runs nor what has failed. A job takes at most `jobMs`. */
export class Occupancy {
  /** A run of ours attends to the server. */
  attended = false;
  private running: { remote: Remote | null; until: number } | null = null;
  /** The last job that certainly does not run any more. */
  private over: string | null = null;

  constructor(readonly jobMs: number) {}

  /** Something is being sent: it may begin although its name does not come back. */
  begin(since: number): void {
    this.running = { remote: null, until: since + this.jobMs };
  }

  expect(remote: Remote): void {
    if (remote.uid !== this.over) this.running = { remote, until: remote.since + this.jobMs };
  }

  /** Nothing of it runs any more. */
  forget(remote: Remote | null): void {
    this.running = null;
    this.over = remote?.uid ?? this.over;
  }

  /** Whether nothing runs there, as `hasEnded` and the clock tell; what began in the meantime runs. Rejects when `hasEnded` does. */
  async isOver(nowMs: number, hasEnded: (remote: Remote) => Promise<boolean>): Promise<boolean> {
    const { running } = this;
    if (!running) return true;
    const { remote, until } = running;
    const isOver = nowMs >= until || (remote !== null && (await hasEnded(remote)));
    if (isOver && this.running === running) this.forget(remote);
    return this.running === null;
  }
}
