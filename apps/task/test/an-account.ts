import { randomUUID } from 'node:crypto';
import {
  type Attempt,
  type CancelOutcome,
  cancelTask,
  countTasks,
  type CreatedTask,
  type CreateTask,
  createTask,
  findTask,
  generationAccepted,
  listTaskEvents,
  listTasks,
  type Nothing,
  removeTask,
  taskDispatched,
  type TaskEvents,
  type TaskPage,
  type TaskStatus,
  type TaskUsage,
  type TaskView,
} from '#contracts';
import { eventually } from '#testing';
import { aRequest } from './a-task.js';
import type { TaskServers } from './task-service.js';

/** The fingerprint of a request; another word is another request. */
export const fingerprintOf = (word: string): string => Buffer.from(word.padEnd(32)).toString('hex');

/** What one account does with its tasks, by the same calls as a gateway. The bridge has to hear `task.dispatched`. */
export class AnAccount {
  readonly id = randomUUID();

  constructor(private readonly servers: TaskServers) {}

  async create(about: Partial<CreateTask> = {}): Promise<TaskView> {
    return (await this.ask(about)).task;
  }

  /** A request under a key. */
  ask(about: Partial<CreateTask> = {}, key?: string, fingerprint = fingerprintOf('the same')): Promise<CreatedTask> {
    const idempotency = key === undefined ? {} : { idempotency: { key, fingerprint } };
    return this.servers.rpc.call(createTask, aRequest({ owner_id: this.id, ...idempotency, ...about }));
  }

  /** A task that a worker has accepted. */
  async running(): Promise<Attempt> {
    const { task_id } = await this.create();
    const attempt = await this.handedOut(task_id);
    await this.servers.bridge.announce(generationAccepted, attempt);
    await this.becomes(task_id, 'running');
    return attempt;
  }

  handedOut(task_id: string): Promise<Attempt> {
    return eventually(() => {
      const found = this.servers.bridge.heardOf(taskDispatched).findLast((it) => it.task_id === task_id);
      if (!found) throw new Error('not handed out yet');
      return { task_id, attempt: found.attempt };
    });
  }

  becomes(task_id: string, status: TaskStatus): Promise<TaskView> {
    return eventually(async () => {
      const task = await this.find(task_id);
      expect(task.status).toBe(status);
      return task;
    });
  }

  find(task_id: string): Promise<TaskView> {
    return this.servers.rpc.call(findTask, { task_id, owner_id: this.id });
  }

  cancel(task_id: string): Promise<CancelOutcome> {
    return this.servers.rpc.call(cancelTask, { task_id, owner_id: this.id });
  }

  remove(task_id: string): Promise<Nothing> {
    return this.servers.rpc.call(removeTask, { task_id, owner_id: this.id });
  }

  events(task_id: string, after?: number, limit = 100): Promise<TaskEvents> {
    const from = after === undefined ? {} : { after };
    return this.servers.rpc.call(listTaskEvents, { task_id, owner_id: this.id, limit, ...from });
  }

  list(about: { limit?: number; cursor?: string | null; status?: TaskStatus } = {}): Promise<TaskPage> {
    const { limit = 20, cursor, status } = about;
    return this.servers.rpc.call(listTasks, {
      owner_id: this.id,
      limit,
      ...(cursor ? { cursor } : {}),
      ...(status ? { status } : {}),
    });
  }

  usage(): Promise<TaskUsage> {
    return this.servers.rpc.call(countTasks, { account_id: this.id });
  }
}
