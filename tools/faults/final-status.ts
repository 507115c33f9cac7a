import { finalStatuses, type TaskStatus } from '#contracts';

/** Whether a task never leaves this status. */
export const isFinal = (status: TaskStatus | undefined): boolean =>
  status !== undefined && (finalStatuses as readonly string[]).includes(status);
