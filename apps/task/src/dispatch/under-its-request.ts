import { withOrigin } from '#telemetry';
import type { Task } from '../tasks/task.js';

/** What is done for a task belongs to the request that made it, and to its trace, whoever made us look. */
export const underItsRequest = <T>(task: Task, work: () => Promise<T>): Promise<T> => withOrigin(task, task.id, work);
