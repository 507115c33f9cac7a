import { setTimeout as delay } from 'node:timers/promises';
import { leaseSeconds } from '../system/faulty-system.js';
import { accepting, orphanedTask, type Scenario } from './scenario.js';

/** The lease, the next look of whoever takes back, the pause before a retry, and an idle engine's taking of the job, generously. */
const allowedMs = (leaseSeconds + 9) * 1000;
const copiesForMs = allowedMs + 2000;

/** The broker delivers an old word of progress again and again: it does not keep a task with a worker that is gone. */
export const oldCopies: Scenario = {
  guard: 'inbox',
  breaker: 'no-inbox',
  async play(stage) {
    const { system, ledger } = stage;
    const { taskId, ended } = await orphanedTask(stage);
    const lostAt = Date.now();
    const isProgress = (type: string, body: Buffer): boolean =>
      type === 'generation.progressed' && String(body).includes(taskId);
    const progress = await system.tap.hear(({ type, body }) => isProgress(type, body));
    const over = new AbortController();
    const again = accepting(system.tap, ({ task_id, attempt }) => task_id === taskId && attempt === 2, 0);
    void again.finally(() => over.abort());
    for (const end = lostAt + copiesForMs; !over.signal.aborted && Date.now() < end; await delay(1000)) {
      system.tap.repeat(progress);
    }
    await again;
    const tookMs = Date.now() - lostAt;
    if (tookMs > allowedMs) ledger.surprises.push(`a lost task was taken back only after ${tookMs} ms`);
    await ended;
  },
};
