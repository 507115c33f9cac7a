import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CreatedTask, CreateTask } from '#contracts';
import { databaseTime, refuseErased } from '#persistence';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { IdempotencyService, type TaskCall } from '../idempotency/idempotency.service.js';
import { InputFilesService } from '../inputs/input-files.service.js';
import { RequestResolver } from '../models/request-resolver.service.js';
import type { Task } from './task.js';
import { TaskIntakeService } from './task-intake.service.js';

/** Makes tasks of requests, one of each however often it is sent. */
@Injectable()
export class TaskCreationService {
  constructor(
    private readonly database: DataSource,
    private readonly idempotency: IdempotencyService,
    private readonly resolver: RequestResolver,
    private readonly intake: TaskIntakeService,
    private readonly files: InputFilesService,
    private readonly dispatcher: Dispatcher,
  ) {}

  create(request: CreateTask): Promise<CreatedTask> {
    return this.make(request, (now) => this.resolver.resolve(request, now));
  }

  /** Queues a task. What was answered before is answered again before anything else is looked at. */
  async make(call: TaskCall, resolve: (now: Date) => Promise<Task>): Promise<CreatedTask> {
    const known = (await this.idempotency.answerTo(call)) ?? (await this.sameCall(call));
    if (known) return known;
    const task = await resolve(await databaseTime(this.database.manager));
    const created = await this.queue(call, task).catch(async (error: unknown) => {
      if (!(await this.mayExist(task))) await this.files.release(task);
      throw error;
    });
    if (created.task.task_id !== task.id) await this.files.release(task); // another one with its key was faster
    this.dispatcher.wake();
    return created;
  }

  private queue(call: TaskCall, task: Task): Promise<CreatedTask> {
    return this.database.transaction(async (tx) => {
      await refuseErased(tx, task.ownerId);
      return this.idempotency.once(tx, call, () => this.intake.take(tx, task));
    });
  }

  /** A gateway that repeats its own call names the same task. */
  private async sameCall({ task_id, owner_id }: TaskCall): Promise<CreatedTask | null> {
    const task = await this.intake.find(this.database.manager, task_id, owner_id);
    return task && { replayed: false, task };
  }

  /** A commit whose answer was lost may have happened, and the same call may have been made twice. */
  private mayExist({ id }: Task): Promise<boolean> {
    return this.intake.exists(this.database.manager, id).catch(() => true);
  }
}
