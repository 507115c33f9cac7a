import type { ArtifactReport, Job, WorkerEvent, WorkerFailure } from '#worker-contract';

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

/** Reports to the bridge; resolves when the broker has it for good. */
export type Send = (event: WorkerEvent) => Promise<void>;
