import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { TaskError } from '#contracts';
import { databaseTime } from '#persistence';
import { underItsRequest } from '../dispatch/under-its-request.js';
import { type Model, readyOf } from '../models/model.js';
import { ModelsRepository } from '../models/models.repository.js';
import type { Task, TaskAction } from '../tasks/task.js';
import { TaskChangesService } from '../tasks/task-changes.service.js';
import { nextOf } from './candidates.js';
import { StrandedRepository } from './stranded.repository.js';

/** Few enough that whoever hands tasks out does not wait noticeably. */
const portion = 20;

const withdrawn: TaskError = {
  code: 'model_not_found',
  message: 'The model is not offered any more',
  retryable: false,
  stage: null,
};

/** Takes waiting tasks to another of their candidates while their model is not there, and ends those whose models are gone for good. */
@Injectable()
export class StrandedService {
  private readonly logger = new Logger(StrandedService.name);

  constructor(
    private readonly database: DataSource,
    private readonly models: ModelsRepository,
    private readonly stranded: StrandedRepository,
    private readonly changes: TaskChangesService,
  ) {}

  /** Sees to some of them; resolves to whether there may be more, or some can be handed out now. Nothing is locked while every model is there. */
  async rescue(): Promise<boolean> {
    const awaited = await this.stranded.listAwaitedModels();
    if (awaited.length === 0) return false;
    const now = await databaseTime(this.database.manager);
    const ready = readyOf(await this.models.list(), now);
    if (awaited.every((id) => ready.includes(id))) return false;
    return this.database.transaction((tx) => this.rescueFrom(tx, awaited));
  }

  private async rescueFrom(tx: EntityManager, awaited: string[]): Promise<boolean> {
    const models = await this.models.lockAll(tx);
    const now = await databaseTime(tx);
    const moved = await this.move(tx, awaited, models, now);
    const ended = await this.end(tx, awaited, models);
    if (moved + ended > 0) this.logger.log({ msg: 'tasks whose model is not there', moved, ended });
    return moved > 0 || ended === portion;
  }

  private async move(tx: EntityManager, awaited: string[], models: Model[], now: Date): Promise<number> {
    const ready = readyOf(models, now);
    const missing = awaited.filter((id) => !ready.includes(id));
    if (ready.length === 0 || missing.length === 0) return 0;
    const tasks = await this.stranded.lockMovable(tx, missing, ready, portion);
    for (const task of tasks) await this.act(tx, task, { type: 'switch', model: nextOf(task, ready)! });
    return tasks.length;
  }

  /** What waits for a model that is there no more, and for nobody else, would wait until its time is over. */
  private async end(tx: EntityManager, awaited: string[], models: Model[]): Promise<number> {
    const known = models.map(({ id }) => id);
    const gone = awaited.filter((id) => !known.includes(id));
    if (gone.length === 0) return 0;
    const tasks = await this.stranded.lockHopeless(tx, gone, known, portion);
    for (const task of tasks) await this.act(tx, task, { type: 'fail', error: withdrawn, maxFailures: 1 });
    return tasks.length;
  }

  private act(tx: EntityManager, task: Task, action: TaskAction): Promise<Task> {
    return underItsRequest(task, () => this.changes.act(tx, task, action));
  }
}
