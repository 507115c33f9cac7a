import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { taskCancelRequested, taskDispatched } from '#contracts';
import { withRequest } from '#messaging';
import { announce, databaseTime } from '#persistence';
import { isReady, type Model } from '../models/model.js';
import { ModelsRepository } from '../models/models.repository.js';
import { TaskConfig } from '../task.config.js';
import type { Task, TaskAction } from '../tasks/task.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { type Overdue, TasksRepository } from '../tasks/tasks.repository.js';
import { dispatchOf } from './dispatch.js';

const tickEveryMs = 1000;

/**
 * Hands out waiting tasks, only as many as workers have slots, and takes back what was lost: PostgreSQL is the queue. Any number of
 * replicas may run one; it looks when woken and once a second.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Dispatcher.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly database: DataSource,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly models: ModelsRepository,
    private readonly config: TaskConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.tasks.extendLeases(this.config.LEASE_SECONDS);
    this.timer = setInterval(() => this.wake(), tickEveryMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /** Looks soon; calls while it looks make it look once more. */
  wake(): void {
    if (!this.timer) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.round()
      .catch((error: unknown) => this.logger.warn({ err: error }))
      .finally(() => {
        this.running = null;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }

  private async round(): Promise<void> {
    const { MAX_FAILURES: maxFailures, CANCEL_CONFIRM_SECONDS } = this.config;
    await this.sweep('lease', { type: 'loseLease', maxFailures });
    await this.sweep('deadline', { type: 'expire' });
    await this.sweep('cancel', { type: 'confirmCancel' }, CANCEL_CONFIRM_SECONDS);
    await this.database.transaction((tx) => this.dispatch(tx));
  }

  private async sweep(what: Overdue, action: TaskAction, seconds = 0): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const task of await this.tasks.lockOverdue(tx, what, seconds)) {
        await underItsRequest(task, () => this.takeBack(tx, task, what, action));
      }
    });
  }

  private async takeBack(tx: EntityManager, task: Task, what: Overdue, action: TaskAction): Promise<void> {
    this.logger.log({ task_id: task.id, attempt: task.attempt, overdue: what });
    await this.changes.act(tx, task, action);
    if (task.leaseUntil) await this.tellWorker(tx, task, what);
  }

  private tellWorker(tx: EntityManager, { id, attempt }: Task, what: Overdue): Promise<void> {
    const reason = what === 'deadline' ? 'deadline' : 'stale';
    return announce(tx, taskCancelRequested, { task_id: id, attempt, reason });
  }

  private async dispatch(tx: EntityManager): Promise<void> {
    const now = await databaseTime(tx);
    const models = await this.models.lockOffered(tx);
    for (const model of models) if (isReady(model, now)) await this.dispatchModel(tx, model);
  }

  private async dispatchModel(tx: EntityManager, model: Model): Promise<void> {
    const free = model.slots - (await this.tasks.countLeased(tx, model.id));
    if (free <= 0) return;
    for (const waiting of await this.tasks.claimWaiting(tx, model.id, free)) {
      const leaseMs = this.config.LEASE_SECONDS * 1000;
      const leaseToken = randomBytes(24).toString('base64url');
      const task = await this.changes.act(tx, waiting, { type: 'dispatch', leaseToken, leaseMs });
      await underItsRequest(task, () => announce(tx, taskDispatched, dispatchOf(task, this.config.LEASE_SECONDS)));
    }
  }
}

/** A round is woken by any request, and does the work of others. */
const underItsRequest = (task: Task, work: () => Promise<void>): Promise<void> =>
  withRequest({ requestId: task.requestId ?? task.id }, work);
