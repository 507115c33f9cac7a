import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { databaseTime } from '#persistence';
import { isReady, type Model } from '../models/model.js';
import { ModelsRepository } from '../models/models.repository.js';
import { TaskConfig } from '../task.config.js';
import type { Task, TaskAction } from '../tasks/task.js';
import { afterFailure, isOfTheEngine, isResting } from './breaker.js';
import { nextOf } from './candidates.js';

type Failing = Extract<TaskAction, { type: 'fail' | 'loseLease' }>;

/** Remembers how each model does, and finds who goes on where one has failed. */
@Injectable()
export class FailoverService {
  private readonly logger = new Logger(FailoverService.name);

  constructor(
    private readonly models: ModelsRepository,
    private readonly config: TaskConfig,
  ) {}

  /** Takes note of how an attempt of a locked task ends. An action after which the task may be tried again is given who does it. */
  async informed(tx: EntityManager, task: Task, action: TaskAction): Promise<TaskAction> {
    if (action.type === 'succeed') await this.models.trust(tx, task.model);
    if (task.status === 'canceling' || (action.type !== 'fail' && action.type !== 'loseLease')) return action;
    if (failsTheEngine(task, action)) await this.blame(tx, task.model);
    return this.withFallback(tx, task, action);
  }

  /** The action with the first of the task's candidates that is ready. */
  async withFallback<A extends Failing>(tx: EntityManager, task: Task, action: A): Promise<A> {
    if (task.fallbacks.length === 0) return action;
    const models = await this.models.lockAll(tx);
    const now = await databaseTime(tx);
    const fallback = nextOf(task, readyAmong(models, now));
    return fallback === undefined ? action : { ...action, fallback };
  }

  private async blame(tx: EntityManager, id: string): Promise<void> {
    const model = (await this.models.lockAll(tx)).find((one) => one.id === id);
    if (!model) return;
    const now = await databaseTime(tx);
    const next = afterFailure(model, this.config.MODEL_FAILURES, now);
    if (next === model) return;
    await this.models.keepBreaker(tx, id, next);
    if (isResting(next, now)) this.logger.warn({ model: id, failures: next.failures, rests_until: next.restsUntil });
  }
}

/** Tells of an id whether a model of that id is ready. */
export const readyAmong =
  (models: readonly Model[], now: Date) =>
  (id: string): boolean =>
    models.some((model) => model.id === id && isReady(model, now));

/** A job that nobody took tells more about those who carry it than about the engine. */
const failsTheEngine = (task: Task, action: Failing): boolean =>
  action.type === 'fail' ? isOfTheEngine(action.error.code) : task.accepted;
