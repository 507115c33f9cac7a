import { randomUUID } from 'node:crypto';
import { sayAsWorker } from '../faults/message-faults.js';
import { accepting, orphanedTask, type Scenario } from './scenario.js';

/** A worker that lost its task says that it failed while another one runs it: nobody is to believe it. */
export const staleWorker: Scenario = {
  guard: 'fencing',
  breaker: 'no-fencing',
  async play(stage) {
    const { tap } = stage.system;
    const { taskId, accepted, ended } = await orphanedTask(stage);
    await accepting(tap, ({ task_id, attempt }) => task_id === taskId && attempt === 2, 0);
    sayAsWorker(tap, {
      ...accepted,
      type: 'failed',
      event_id: randomUUID(),
      seq: accepted.seq + 100,
      at: new Date().toISOString(),
      error: { code: 'bad_input', message: 'a stale worker says so', retryable: false },
    });
    await ended;
  },
};
