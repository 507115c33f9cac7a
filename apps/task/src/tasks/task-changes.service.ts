import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type FinalStatus, taskChanged, taskEnded, taskRemoved } from '#contracts';
import { afterCommit, announce, databaseTime } from '#persistence';
import { withOrigin } from '#telemetry';
import { TaskEventsRepository } from '../history/task-events.repository.js';
import { hasChanged } from '../history/task-state.js';
import { ExecutionTimesRepository } from '../queue/execution-times.repository.js';
import { QueueService } from '../queue/queue.service.js';
import { WebhookScheduler } from '../webhooks/webhook-scheduler.service.js';
import { apply, isFinal, type Task, type TaskAction } from './task.js';
import { count } from './task-metrics.js';
import { TasksRepository } from './tasks.repository.js';

/** The only way a stored task changes: the task, its event and what others have to know of it are committed together. */
@Injectable()
export class TaskChangesService {
  private readonly logger = new Logger(TaskChangesService.name);

  constructor(
    private readonly tasks: TasksRepository,
    private readonly events: TaskEventsRepository,
    private readonly queue: QueueService,
    private readonly executions: ExecutionTimesRepository,
    private readonly webhooks: WebhookScheduler,
  ) {}

  /** Writes a new task down, behind those that wait. The transaction holds the lock of the account. */
  async begin(tx: EntityManager, task: Task): Promise<Task> {
    const first = { ...(await this.queue.takeTurn(tx, task)), seq: 1 };
    await this.tasks.insert(tx, first);
    await this.record(tx, first, first.createdAt);
    return first;
  }

  /**
   * Does something to a locked task. Throws `task_already_finished` when its status does not allow it. Where another model takes it over,
   * the transaction has locked the models: so nobody waits in a circle for them and for the account.
   */
  async act(tx: EntityManager, task: Task, action: TaskAction): Promise<Task> {
    const now = await databaseTime(tx);
    const next = await this.inQueue(tx, task, apply(task, action, now));
    const seen = hasChanged(task, next);
    const changed = seen ? { ...next, seq: task.seq + 1 } : next;
    await this.tasks.save(tx, task, changed);
    if (seen) await this.record(tx, changed, now);
    afterCommit(tx, () => {
      count(task, action, changed, now);
      withOrigin(changed, changed.id, () => this.tell(action, changed));
    });
    return changed;
  }

  /** What an operator would look for. */
  private tell({ type }: TaskAction, { model, attempt, status }: Task): void {
    if (type === 'dispatch') this.logger.log({ msg: 'handed out', model, attempt });
    if (isFinal(status)) this.logger.log({ msg: 'ended', model, attempt, status });
  }

  /** In the queue of another model it stands behind those that wait there. */
  private async inQueue(tx: EntityManager, before: Task, task: Task): Promise<Task> {
    if (task.model === before.model) return task;
    await this.tasks.lockAccount(tx, task.ownerId);
    return this.queue.takeTurn(tx, task);
  }

  /** Hides a locked task from its owner; it goes when it ends, or now. */
  async hide(tx: EntityManager, task: Task): Promise<Task> {
    const hidden = { ...task, removedAt: await databaseTime(tx) };
    await this.tasks.save(tx, task, hidden);
    if (isFinal(task.status)) await this.remove(tx, [task]);
    return hidden;
  }

  /** Removes tasks that have ended, and has everything that belongs to them removed. */
  async remove(tx: EntityManager, tasks: Pick<Task, 'id' | 'ownerId'>[]): Promise<void> {
    await this.tasks.remove(
      tx,
      tasks.map(({ id }) => id),
    );
    for (const { id, ownerId } of tasks) await announce(tx, taskRemoved, { task_id: id, owner_id: ownerId });
  }

  private async record(tx: EntityManager, task: Task, now: Date): Promise<void> {
    await this.events.add(tx, task, now);
    await announce(tx, taskChanged, { task_id: task.id, seq: task.seq });
    if (!isFinal(task.status)) return;
    if (task.status === 'succeeded') await this.executions.add(tx, task);
    await announce(tx, taskEnded, {
      task_id: task.id,
      owner_id: task.ownerId,
      status: task.status as FinalStatus,
      file_ids: task.artifacts.map(({ file_id }) => file_id),
    });
    if (task.removedAt) await this.remove(tx, [task]);
    else await this.webhooks.schedule(tx, task, now);
  }
}
