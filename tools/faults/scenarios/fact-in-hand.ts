import { setTimeout as delay } from 'node:timers/promises';
import { tinyTask } from '../load/requests.js';
import { signalTree } from '../system/process-tree.js';
import type { Scenario } from './scenario.js';

/** The storage service is killed while it has the fact in its hands that a task was removed: the files go all the same. */
export const factInHand: Scenario = {
  guard: 'ack-after-commit',
  breaker: 'ack-before-commit',
  async play({ system, customer }) {
    const order = await customer.order('watch', tinyTask);
    const [taskId] = order.taskIds;
    const since = Date.now();
    const removed = customer.remove(order, taskId!);
    await system.tap.hear(({ type, body }) => type === 'task.removed' && String(body).includes(taskId!), { since });
    await delay(3000); // the broker has given it to storage as well
    const storage = system.process('storage');
    signalTree(storage.pid!, 'SIGKILL');
    await removed;
    await delay(1000);
    await storage.start();
  },
};
