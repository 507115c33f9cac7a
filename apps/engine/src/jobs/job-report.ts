import { randomUUID } from 'node:crypto';
import type { Job, WorkerEvent } from '#worker-contract';

/** Writes the events of one attempt: each carries what proves whose it is, and a number that grows. */
export class JobReport {
  private seq = 0;

  constructor(
    private readonly job: Job,
    private readonly workerId: string,
  ) {}

  event(type: WorkerEvent['type'], about: Partial<WorkerEvent> = {}): WorkerEvent {
    const { task_id, attempt, lease_token } = this.job;
    return {
      v: 1,
      type,
      event_id: randomUUID(),
      task_id,
      attempt,
      lease_token,
      worker_id: this.workerId,
      seq: this.seq++,
      at: new Date().toISOString(),
      ...about,
    };
  }
}
