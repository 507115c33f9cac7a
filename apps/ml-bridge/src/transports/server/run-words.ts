import { randomUUID } from 'node:crypto';
import type { Stage } from '../../catalogue/catalogue-model.js';
import type { AttemptEvent } from '../../generations/attempt-failure.js';
import type { Generation } from '../../generations/generation.js';
import type { Job } from '#worker-contract';
import { percentAt } from './stage-percent.js';

/** At least so long between two reports of which only the percent is new. */
const leastMs = 1000;

export interface RunWordsOptions {
  workerId: string;
  stages: readonly Stage[];
  heartbeatMs: number;
}

/** What is said of one attempt: in the words of a worker, in their order over all processes that drive it, and not too often. */
export class RunWords {
  private seq: number;
  private stage: string | null = null;
  private percent = 0;
  private saidAt = -Infinity;

  constructor(
    private readonly job: Job,
    private readonly options: RunWordsOptions,
    { lastSeq }: Pick<Generation, 'lastSeq'>,
  ) {
    this.seq = lastSeq + 1;
  }

  event(type: AttemptEvent['type'], about: Partial<AttemptEvent> = {}): AttemptEvent {
    const { task_id, attempt, lease_token } = this.job;
    return {
      v: 1,
      type,
      event_id: randomUUID(),
      task_id,
      attempt,
      lease_token,
      worker_id: this.options.workerId,
      seq: this.seq++,
      at: new Date().toISOString(),
      ...(this.stage ? { stage: this.stage } : {}),
      ...about,
    };
  }

  /** The server was heard of. Returns what is to be said about it now, or null: what was said last will do. The percent never falls. */
  progress(stage: string, fraction: number | undefined, nowMs: number): AttemptEvent | null {
    const shown = stage.slice(0, 64);
    const percent = Math.max(this.percent, percentAt(this.options.stages, shown, fraction));
    const isNews = shown !== this.stage || (percent > this.percent && nowMs - this.saidAt >= leastMs);
    if (!isNews && nowMs - this.saidAt < this.options.heartbeatMs) return null;
    this.stage = shown;
    this.percent = percent;
    this.saidAt = nowMs;
    return this.event('progress', { percent });
  }
}
