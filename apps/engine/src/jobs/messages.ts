import type { ArtifactReport, Job, WorkerFailure } from '#worker-contract';

/** To the process that computes. */
export interface RunJob {
  job: Job;
}

/** From the process that computes. */
export type JobMessage =
  | { type: 'progress'; stage: string; percent: number }
  | { type: 'done'; artifacts: ArtifactReport[]; metrics: Record<string, number> }
  | { type: 'failed'; error: WorkerFailure };

/** How a job ended. */
export type JobOutcome =
  | { type: 'succeeded'; artifacts: ArtifactReport[]; metrics: Record<string, number> }
  | { type: 'failed'; error: WorkerFailure }
  | { type: 'canceled' };
