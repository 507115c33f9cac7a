import { withRequest } from '#messaging';
import type { Task } from '../tasks/task.js';

/** What is done for a task belongs to the request that made it, whoever made us look. */
export const underItsRequest = <T>(task: Task, work: () => Promise<T>): Promise<T> =>
  withRequest({ requestId: task.requestId ?? task.id }, work);
