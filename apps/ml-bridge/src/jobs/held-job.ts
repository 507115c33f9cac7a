import type { Job } from '#worker-contract';

/** A job in the hands of whoever took it. */
export interface HeldJob {
  /** Its `budget_ms` is what is left of it now. */
  job: Job;
  /** What an earlier holder remembered of it; null when none did. */
  remote: unknown;
}

/** A job as it was put, and how long ago that was. */
export interface TakenRow {
  job: Job;
  remote: unknown;
  waitedMs: number;
}

/** The time that a job waited is not there for making it. */
export const heldJob = ({ job, remote, waitedMs }: TakenRow): HeldJob => ({
  job: { ...job, budget_ms: Math.max(1, Math.floor(job.budget_ms - waitedMs)) },
  remote,
});
