import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { databaseTime } from '#persistence';
import { type Model, readyOf } from '../models/model.js';
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
    const atFault = failsTheEngine(task, action);
    if (!atFault && task.fallbacks.length === 0) return action;
    const models = await this.models.lockAll(tx);
    const now = await databaseTime(tx);
    const model = models.find(({ id }) => id === task.model);
    if (atFault && model) await this.blame(tx, model, now);
    return withNext(task, action, readyOf(models, now));
  }

  /** The action with the first of the task's candidates that is ready. */
  async withFallback<A extends Failing>(tx: EntityManager, task: Task, action: A): Promise<A> {
    if (task.fallbacks.length === 0) return action;
    const models = await this.models.lockAll(tx);
    return withNext(task, action, readyOf(models, await databaseTime(tx)));
  }

  private async blame(tx: EntityManager, model: Model, now: Date): Promise<void> {
    const next = afterFailure(model, this.config.MODEL_FAILURES, now);
    if (next === model) return;
    await this.models.keepBreaker(tx, model.id, next);
    if (isResting(next, now))
      this.logger.warn({ model: model.id, failures: next.failures, rests_until: next.restsUntil });
  }
}

function withNext<A extends Failing>(task: Task, action: A, ready: readonly string[]): A {
  const fallback = nextOf(task, ready);
  return fallback === undefined ? action : { ...action, fallback };
}

/** A job that nobody took tells more about those who carry it than about the engine. */
const failsTheEngine = (task: Task, action: Failing): boolean =>
  action.type === 'fail' ? isOfTheEngine(action.error.code) : task.accepted;
