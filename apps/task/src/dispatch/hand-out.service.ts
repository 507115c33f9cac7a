import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { taskDispatched } from '#contracts';
import { announce, databaseTime } from '#persistence';
import { slotsAllowed } from '../failover/breaker.js';
import { isReady, type Model } from '../models/model.js';
import { ModelsRepository } from '../models/models.repository.js';
import { QueueRepository } from '../queue/queue.repository.js';
import { QueueService } from '../queue/queue.service.js';
import { TaskConfig } from '../task.config.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { dispatchOf } from './dispatch.js';
import { underItsRequest } from './under-its-request.js';

/** Few enough that the dispatchers of other replicas, and a change of the offer, do not wait noticeably. */
const portion = 20;

/** Gives waiting tasks to workers, only as many as there are slots: PostgreSQL is the queue. */
@Injectable()
export class HandOutService {
  constructor(
    private readonly database: DataSource,
    private readonly models: ModelsRepository,
    private readonly queue: QueueService,
    private readonly places: QueueRepository,
    private readonly tasks: TasksRepository,
    private readonly changes: TaskChangesService,
    private readonly config: TaskConfig,
  ) {}

  /** Hands some of them out, while no other replica does; resolves to whether there may be more. */
  handOut(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const models = await this.models.lockAll(tx);
      const now = await databaseTime(tx);
      let left = portion;
      for (const model of models) if (isReady(model, now)) left -= await this.handOutOf(tx, model, left);
      return left === 0;
    });
  }

  private async handOutOf(tx: EntityManager, model: Model, limit: number): Promise<number> {
    const free = slotsAllowed(model) - (await this.places.countLeased(tx, model.id));
    for (let handedOut = 0; handedOut < Math.min(free, limit); handedOut++) {
      const id = await this.queue.takeNext(tx, model.id);
      if (!id) return handedOut;
      await this.give(tx, id);
    }
    return Math.max(0, Math.min(free, limit));
  }

  private async give(tx: EntityManager, id: string): Promise<void> {
    const waiting = await this.tasks.lock(tx, id);
    if (!waiting) throw new Error(`task ${id} is gone while it was locked`);
    const { LEASE_SECONDS } = this.config;
    const leaseToken = randomBytes(24).toString('base64url');
    const task = await this.changes.act(tx, waiting, { type: 'dispatch', leaseToken, leaseMs: LEASE_SECONDS * 1000 });
    await this.queue.passTurn(tx, task);
    const until = task.leaseUntil ?? undefined;
    await underItsRequest(task, () => announce(tx, taskDispatched, dispatchOf(task, LEASE_SECONDS), { until }));
  }
}
