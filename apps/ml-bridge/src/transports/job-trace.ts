import { currentTraceparent, inSpan } from '#telemetry';
import type { Job } from '#worker-contract';

/** Sends a job with the trace that it belongs to: the worker's spans stand below the one in which it is sent. */
export const inTrace = (job: Job, send: (traced: Job) => Promise<void>): Promise<void> =>
  inSpan('send job', 'producer', { 'lathe.attempt': job.attempt }, () => {
    const traceparent = currentTraceparent();
    return send(traceparent ? { ...job, traceparent } : job);
  });
