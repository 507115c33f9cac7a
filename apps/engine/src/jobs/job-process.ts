import { failureOf } from './job-failure.js';
import type { JobMessage, RunJob } from './messages.js';
import { produce } from './produce.js';

/** The program of the process that computes: one job per message, its outcome as a message back. */
const say = (message: JobMessage): void => {
  process.send?.(message);
};

process.on('message', ({ job }: RunJob) => {
  produce(job, (stage, percent) => say({ type: 'progress', stage, percent })).then(
    (result) => say({ type: 'done', ...result }),
    (error: unknown) => say({ type: 'failed', error: failureOf(error) }),
  );
});

// the worker is gone: nobody wants the result
process.on('disconnect', () => process.exit(0));
