import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CreatedTask, CreateTask } from '#contracts';
import { databaseTime, refuseErased } from '#persistence';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { IdempotencyService } from '../idempotency/idempotency.service.js';
import { RequestResolver } from '../models/request-resolver.service.js';
import { TaskIntakeService } from './task-intake.service.js';

/** Makes tasks of requests, one of each however often it is sent. */
@Injectable()
export class TaskCreationService {
  constructor(
    private readonly database: DataSource,
    private readonly idempotency: IdempotencyService,
    private readonly resolver: RequestResolver,
    private readonly intake: TaskIntakeService,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Queues a task. What was answered before is answered again before anything else is looked at. */
  async create(request: CreateTask): Promise<CreatedTask> {
    const known = (await this.idempotency.answerTo(request)) ?? (await this.sameCall(request));
    if (known) return known;
    const task = await this.resolver.resolve(request, await databaseTime(this.database.manager));
    const created = await this.database.transaction(async (tx) => {
      await refuseErased(tx, task.ownerId);
      return this.idempotency.once(tx, request, () => this.intake.take(tx, task));
    });
    this.dispatcher.wake();
    return created;
  }

  /** A gateway that repeats its own call names the same task. */
  private async sameCall({ task_id, owner_id }: CreateTask): Promise<CreatedTask | null> {
    const task = await this.intake.find(this.database.manager, task_id, owner_id);
    return task && { replayed: false, task };
  }
}
