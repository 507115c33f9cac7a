import type { JobReport } from './job-report.js';
import type { Send } from './messages.js';

/** Progress is told at most this often; stages are told at once. */
const progressEveryMs = 400;

/** Tells the latest progress: a new stage at once, a new percentage now and then, and the same again as a heartbeat. */
export class ProgressTeller {
  stage = 'accepted';
  private percent = 0;
  private toldAt = 0;
  private closed = false;
  private sending: Promise<void> = Promise.resolve();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly report: JobReport,
    private readonly send: Send,
    heartbeatMs: number,
  ) {
    this.heartbeat = setInterval(() => this.say(), heartbeatMs);
  }

  tell(stage: string, percent: number): void {
    const isNew = stage !== this.stage;
    this.stage = stage;
    this.percent = Math.max(this.percent, Math.min(100, percent));
    if (isNew || Date.now() - this.toldAt > progressEveryMs) this.say();
  }

  /** No word of progress comes after this: what is on its way is waited for, what is not is left out. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.heartbeat);
    await this.sending;
  }

  private say(): void {
    this.toldAt = Date.now();
    const event = this.report.event('progress', { percent: this.percent, stage: this.stage });
    const send = (): Promise<void> | undefined => (this.closed ? undefined : this.send(event));
    this.sending = this.sending.then(send).catch(() => {}); // the next one makes up for a lost one
  }
}
